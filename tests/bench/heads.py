"""Made-up readers of the whole country: 30 rectorats, and heads of schools spread over all départements."""

from datetime import timedelta
from itertools import cycle, islice

from monitor.config.territories import load_territories, uai_prefixes
from monitor.config.uai import uai_check_letter
from monitor.domain.catalog import Level
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.recipient import Contact


def rectorats() -> tuple[Subscription, ...]:
    """One for each académie, told from waiting rooms on."""
    academies = [one for one in load_territories().values() if one.level is Level.ACADEMIE]
    return tuple(
        Subscription(
            f"rectorat-{one.code[2:]}",
            "VIGIE_BENCH_URL",
            territories=(one.code,),
            from_health=Health.WAITING,
            repeat=timedelta(hours=4),
        )
        for one in academies
    )


def contacts(number: int, prefixes: tuple[str, ...] = ()) -> list[Contact]:
    """Heads in every département and collectivité in turn, or in those of these UAI prefixes. All addresses are lies."""
    found = []
    for rank, prefix in enumerate(islice(cycle(prefixes or tuple(uai_prefixes())), number)):
        digits = f"{prefix}{9999 - rank // len(prefixes or uai_prefixes()):04}"
        uai = f"{digits}{uai_check_letter(digits)}"
        found.append(Contact(uai, f"Collège {uai}", f"ce.{uai.lower()}@example.org"))
    return found
