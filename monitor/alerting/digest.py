"""The letter of every morning: from the facts of a digest to the words that people read, pure, French first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerting.clean import clean, shorten
from monitor.alerting.digest_words import ENGLISH_DIGEST, FRENCH_DIGEST, DigestWords
from monitor.alerting.english import ENGLISH
from monitor.alerting.extent import PARIS, local_times
from monitor.alerting.french import FRENCH
from monitor.alerting.messages import TITLE_LIMIT, Letter
from monitor.alerting.subject import state_of, subject_of
from monitor.alerting.words import Words
from monitor.domain.catalog import Catalog
from monitor.domain.digest import Digest, Planned
from monitor.domain.incident import Incident
from monitor.domain.silence import DeclaredSilence

SHOWN = 20  # lines of a section; a letter of a bad day must still be read on a telephone
_SECTIONS = ("going_on", "ended", "silences", "planned", "never_seen")


def compose_digest(digest: Digest, language: str, catalog: Catalog, now: datetime) -> Letter:
    """The letter of a morning, written at `now` (aware); an unknown `language` reads French."""
    english = language == "en"
    pen = _Pen(ENGLISH if english else FRENCH, ENGLISH_DIGEST if english else FRENCH_DIGEST, catalog, now)
    return Letter(shorten(pen.title(digest), TITLE_LIMIT), "\n\n".join(pen.parts(digest)) + "\n")


@dataclass(frozen=True, slots=True)
class _Pen:
    words: Words
    said: DigestWords
    catalog: Catalog
    now: datetime

    def title(self, digest: Digest) -> str:
        found = {name: len(getattr(digest, name)) for name in _SECTIONS}
        if digest.sent is not None:
            found["undelivered"] = digest.sent.waiting + digest.sent.given_up
        told = (
            pair[found[name] > 1].format(n=found[name]) for name, pair in self.said.counts.items() if found.get(name)
        )
        today = self.words.day(self.now.astimezone(PARIS))
        return self.said.title.format(day=today, said=self.said.joiner.join(told) or self.said.calm)

    def parts(self, digest: Digest) -> Iterator[str]:
        if digest.empty and digest.sent is not None:
            yield self.said.nothing.format(delivered=digest.sent.delivered)
        else:
            paris = self.now.astimezone(PARIS)
            yield self.said.head.format(day=self.words.day(paris), clock=self.words.clock(paris))
            yield from self._sections(digest)
            if digest.sent is not None:
                sent = digest.sent
                yield self.said.sent.format(delivered=sent.delivered, waiting=sent.waiting, given_up=sent.given_up)
        yield self.words.signature

    def _sections(self, digest: Digest) -> Iterator[str]:
        lines = {
            "going_on": [self._going_on(one, digest) for one in digest.going_on],
            "ended": [self._ended(one) for one in digest.ended],
            "silences": [self._silence(one) for one in digest.silences],
            "planned": [self._planned(one) for one in digest.planned],
            "never_seen": [f"– {self._service(one)}" for one in digest.never_seen],
        }
        for name in _SECTIONS:
            if lines[name]:
                yield "\n".join([self.said.sections[name], *self._first(lines[name])])

    def _first(self, lines: Sequence[str]) -> list[str]:
        left = len(lines) - SHOWN
        return [*lines[:SHOWN], *([self.said.more[left > 1].format(n=left)] if left > 0 else [])]

    def _going_on(self, incident: Incident, digest: Digest) -> str:
        taken, said = digest.taken.get(incident.id), ""
        if taken is not None:
            note = self.said.note.format(note=clean(taken.note)) if taken.note else ""
            said = self.said.taken.format(author=clean(taken.author), note=note)
        subject = subject_of(incident.culprit, incident.services, self.catalog, self.words)
        state = state_of(incident, subject, {}, self.words)
        return self.said.incident.format(subject=subject.sentence, state=state, taken=said, **self._began(incident))

    def _ended(self, incident: Incident) -> str:
        subject = subject_of(incident.culprit, incident.services, self.catalog, self.words)
        span = self.words.span(incident.opened_at, incident.recovered_at or incident.closed_at or self.now)
        return self.said.ended.format(subject=subject.sentence, span=span, **self._began(incident))

    def _began(self, incident: Incident) -> dict[str, str]:
        paris = incident.opened_at.astimezone(PARIS)
        local = local_times(incident.opened_at, incident.territories, self.catalog, self.words)
        return {"day": self.words.day(paris), "clock": self.words.clock(paris), "local": local}

    def _silence(self, one: DeclaredSilence) -> str:
        ends = one.ends_at.astimezone(PARIS)
        return self.said.silence.format(
            what=self._about(one.what.value, one.name),
            whom="" if one.subscription is None else self.said.only_for.format(name=clean(one.subscription)),
            day=self.words.day(ends),
            clock=self.words.clock(ends),
            reason=clean(one.reason),
            author=clean(one.author),
        )

    def _planned(self, one: Planned) -> str:
        since, until = (at.astimezone(PARIS) for at in one.covers)
        return self.said.window.format(
            what=self._about(one.window.scope.kind.value, one.window.scope.name),
            day=self.words.day(since),
            since=self.words.clock(since),
            until=self.words.clock(until),
            reason=clean(one.window.reason),
            author=clean(one.window.author),
        )

    def _about(self, kind: str, name: str) -> str:
        catalog = self.catalog
        if kind == "service":
            return self._service(name)
        operator, place = catalog.operators.get(name), catalog.territories.get(name)
        known = operator.name if kind == "operator" and operator else name
        if kind == "territory" and place:
            known = self.words.place(place.level, clean(place.name))
        return self.said.scopes[kind].format(name=clean(known))

    def _service(self, name: str) -> str:
        service = self.catalog.services.get(name)
        return clean(service.name if service else name)
