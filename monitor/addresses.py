"""Where messages go and other secrets: out of the environment, or out of the files that it names."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from monitor.alerting import check_url
from monitor.domain.notice import Subscription


def addresses(subscriptions: tuple[Subscription, ...], environment: Mapping[str, str]) -> dict[str, str]:
    """Apprise URLs by subscription id, from the variables that the catalogue names (or files named by `…_FILE`)."""
    found = {one.id: secret(one.to_env, environment) for one in subscriptions}
    return {name: url for name, url in found.items() if url}


def seconds(subscriptions: tuple[Subscription, ...], environment: Mapping[str, str]) -> dict[str, str]:
    """Second Apprise URLs by subscription id, as `addresses`."""
    named = (replace(one, to_env=one.second_to_env) for one in subscriptions if one.second_to_env)
    return addresses(tuple(named), environment)


def secret(name: str, environment: Mapping[str, str]) -> str | None:
    """A secret from the environment, or from the file that `NAME_FILE` names. Raises OSError if that cannot be read."""
    if value := environment.get(name):
        return value
    path = environment.get(f"{name}_FILE")
    if not path:
        return None
    return Path(path).read_text(encoding="utf-8").strip()


async def refuse_bad_addresses(reachable: Mapping[str, str]) -> None:
    """Raise ValueError naming every subscription whose address cannot be sent to; the address itself is a secret."""
    said = await asyncio.gather(*(asyncio.to_thread(check_url, url) for url in reachable.values()))
    called = (name if name.startswith("VIGIE_") else f"Abonnement {name}" for name in reachable)
    wrong = [f"  {name} : {words}" for name, words in zip(called, said, strict=True) if words]
    if wrong:
        raise ValueError("\n".join(["Adresses d’envoi refusées :", *wrong]))
