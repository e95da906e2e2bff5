"""What stored answers say, judged again; the order they arrived in does not matter (docs/method.md, "Late answers")."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.domain.arrival import in_order
from monitor.domain.catalog import CANARY, Catalog
from monitor.domain.evaluation import Change, Country, Rhythms, always_class_of, evaluate
from monitor.domain.observation import Observation
from monitor.domain.service_verdict import Span

TICK = timedelta(seconds=5)  # as often as the monitor evaluates
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Batch = Mapping[str, list[Observation]]


def replay(
    catalog: Catalog,
    answers: Iterable[Observation],
    *,
    until: datetime,
    vantage: str,
    rhythms: Rhythms = always_class_of,
    before: Country | None = None,
) -> Iterator[Change]:
    """Evaluate what was answered, canaries included, as if all had arrived in order; the last change is of `until`.

    Any order, duplicates and other vantages' answers make no difference. Ticks lie 5 s apart, at instants that do not
    depend on the answers; those at which nothing could be new are left out. `before`: what was held to be true.
    """
    country, batches = before or Country(), scheduled(answers, until=until, vantage=vantage)
    for tick in sorted({*batches, *(tick - TICK for tick in batches)}):
        # The tick before an answer too: it finds what went stale, and what our own line vouches for by then.
        change = evaluate(country, batches.get(tick, {}), catalog, now=tick, vantage=vantage, rhythms=rhythms)
        country = change.country
        yield change
    yield evaluate(country, {}, catalog, now=until, vantage=vantage, rhythms=rhythms)


def history(changes: Iterable[Change], *, since: datetime, until: datetime) -> tuple[Span, ...]:
    """The spans of a replay, cut to [since, until), oldest first; what is in force at its end lasts until then.

    A service's own spans have no vantage (""): they are of all vantages together.
    """
    spans, country = list[Span](), Country()
    for change in changes:
        spans += change.spans
        country = change.country
    for probe, verdict in country.verdicts.items():
        name = probe.partition("/")[0]
        if name != CANARY:
            spans.append(Span(name, probe, verdict.vantage, verdict.health, verdict.since, until, verdict.failure))
    for said in country.services.values():
        spans.append(Span(said.service, None, "", said.health, said.since, until, said.failure))
    cut = (
        replace(one, since=max(one.since, since), until=min(one.until, until), vantage=one.vantage if one.probe else "")
        for one in spans
    )
    ordered = sorted(cut, key=lambda one: (one.since, one.service, one.probe or "", one.vantage))
    return tuple(one for one in ordered if one.since < one.until)


def scheduled(answers: Iterable[Observation], *, until: datetime, vantage: str) -> Mapping[datetime, Batch]:
    """One vantage's answers by the tick that hears them, a probe's own never before the one it was given after.

    All that a replay knows of the order of arrival is what this makes of it: nothing.
    """
    batches = defaultdict[datetime, defaultdict[str, list[Observation]]](lambda: defaultdict(list))
    heard = dict[str, datetime]()
    for one in in_order(one for one in answers if one.vantage == vantage):
        tick = max(_tick_after(one.at + one.took), heard.get(one.probe, _EPOCH))
        heard[one.probe] = tick
        if tick <= until:
            batches[tick][one.probe].append(one)
    return batches


def _tick_after(instant: datetime) -> datetime:
    return instant + (_EPOCH - instant) % TICK
