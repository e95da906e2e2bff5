"""Seals of finished days, as pages and feeds say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard import dates
from dashboard.numerals import grouped


@dataclass(frozen=True, slots=True)
class SealView:
    """One seal; `day` in words, `rows` with its thousands apart; hexadecimal roots."""

    number: int
    day: str
    vantage: str
    rows: str
    tree: str
    root: str
    corrects: int | None
    sealed_at: datetime


def newest_seals(seals: Sequence[Mapping[str, Any]], most: int) -> list[SealView]:
    """Of the seals as published (`/donnees/sceaux.json`) the last ones made, the newest first."""
    made = sorted(seals, key=lambda one: (one["sealed_at"], one["day"], one["vantage"], one["number"]), reverse=True)
    return [_seal(one) for one in made[:most]]


def _seal(raw: Mapping[str, Any]) -> SealView:
    day = date.fromisoformat(raw["day"])
    return SealView(
        number=raw["number"],
        day=dates.long_day(datetime(day.year, day.month, day.day, 12, tzinfo=dates.PARIS)),
        vantage=raw["vantage"],
        rows=grouped(raw["rows"]),
        tree=raw["tree"],
        root=raw["root"],
        corrects=raw["corrects"],
        sealed_at=datetime.fromisoformat(raw["sealed_at"]),
    )
