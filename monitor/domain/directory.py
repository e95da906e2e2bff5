"""The official directory of schools: who is where, for whom and for how many; found again by code or by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain.catalog import Audience
from monitor.domain.spelling import plain

FOUND_MOST = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One open school of the directory.

    Attributes:
        place: code of its département or collectivité (`D:59`, `C:988`).
        level: `ecole`, `college` or `lycee`, whoever runs it.
        private: None where the directory does not say.
        pupils: None where the directory does not say.
    """

    uai: str
    name: str
    town: str
    place: str
    level: Audience
    private: bool | None
    pupils: int | None

    @property
    def audience(self) -> Audience:
        """The audience that its pupils count for: `prive` for a private school of any level."""
        return Audience.PRIVE if self.private else self.level


@dataclass(frozen=True, slots=True)
class Difference:
    """How many schools came, left, or are told otherwise in a newer directory."""

    added: int
    removed: int
    changed: int

    def __bool__(self) -> bool:
        """Whether anything is different."""
        return bool(self.added or self.removed or self.changed)


class Directory:
    """Open schools in the order of their codes, each once."""

    def __init__(self, schools: Iterable[Listed]) -> None:
        self.schools = tuple(sorted(schools, key=lambda one: one.uai))
        self._by_uai = {one.uai: one for one in self.schools}
        self._words = [f" {plain(f'{one.name} {one.town}')}" for one in self.schools]

    def of(self, uai: str) -> Listed | None:
        """The school with this code, capitals or not; None where the directory has none."""
        return self._by_uai.get(uai.strip().upper())

    def search(self, text: str, most: int = FOUND_MOST) -> tuple[Listed, ...]:
        """The schools of which every word of `text` begins a word of the name or town, the biggest first.

        A code finds its school alone. Empty text finds nothing.
        """
        if (exact := self.of(text)) is not None:
            return (exact,)
        wanted = [f" {word}" for word in plain(text).split()]
        if not wanted:
            return ()
        rows = zip(self.schools, self._words, strict=True)
        found = [one for one, words in rows if all(word in words for word in wanted)]
        return tuple(sorted(found, key=lambda one: (-(one.pupils or 0), one.uai))[:most])


def pupils_of(schools: Iterable[Listed]) -> dict[tuple[str, Audience], int]:
    """Number of pupils by (place, audience); a school of unknown number counts for none, one without pupils for 0."""
    found: dict[tuple[str, Audience], int] = defaultdict(int)
    for one in schools:
        if one.pupils is not None:
            found[one.place, one.audience] += one.pupils
    return dict(found)


def compare(before: Iterable[Listed], after: Iterable[Listed]) -> Difference:
    """What a newer directory changes, school by school."""
    old, new = ({one.uai: one for one in schools} for schools in (before, after))
    changed = sum(old[uai] != one for uai, one in new.items() if uai in old)
    return Difference(len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed)
