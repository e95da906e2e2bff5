"""The catalogue of the house: one service for each behaviour, the defaults and the platforms of the real one."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.faults.registry import Behaviour

ROOT = Path(__file__).resolve().parents[2]
WELL = {"status": [200], "contains": ["Identifiant"]}

Block = Mapping[str, Any]


def service(behaviour: Behaviour, started: Block) -> dict[str, Any]:
    """The block of one behaviour. `like` names the probe of the real catalogue that is asked in its place."""
    block = {"kind": "http", **behaviour.block}
    found = {"id": behaviour.name, "name": behaviour.name, "kind": "autre", "territories": ["N"]}
    if like := block.pop("like", None):
        profile, probe = like
        block = {**_real()["profiles"][profile]["probes"][probe], **block}
        found["url"] = started["url"].rstrip("/")
    else:
        block |= started
        if block["kind"] == "http":
            block.setdefault("expect", WELL)
    return found | {"probes": {"ask": block}}


def write(path: Path, services: Sequence[Block], canaries: Sequence[Block]) -> None:
    """A catalogue whose defaults, general markers included, are those of the real one."""
    whole = {"vigie": 1, "defaults": _real()["defaults"], "canaries": list(canaries), "services": list(services)}
    path.write_text(yaml.dump(whole, Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")


class _Plain(yaml.SafeDumper):
    """Vigie refuses aliases: what is the same twice is written twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@cache
def _real() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "probes.yaml").read_text(encoding="utf-8"))
    return found
