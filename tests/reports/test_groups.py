"""Groups beside their controls over a period, and at one instant: from a book, and by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.compared import Doubt
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import Span
from monitor.domain.ties import bonds_of
from monitor.domain.uptime import Hours
from monitor.reports.at_once import Moment, counted, moments, states, worst_moment
from monitor.reports.availability import histories_of
from monitor.reports.country import country
from monitor.reports.groups import Groups, Ledger, Wish, groups_of
from monitor.reports.sharing import Shared, public, sharing
from tests.neighbours import EIGHT, HOSTILE, HOUR, ILL, MIDNIGHT, MINUTE, NOON, WAITING, Book, written


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(tmp_path_factory.mktemp("groups"))


@pytest.fixture(scope="module")
def ledger(book: Book) -> Ledger:
    here = country(book.config, Path("no-calendar.csv"))
    services = public(book.catalog.services.values(), book.catalog)
    return Ledger(book.url, book.catalog, here.timetable, services, bonds_of(book.catalog), NOON)


def asked(ledger: Ledger, **changes: object) -> Groups:
    return groups_of(ledger, replace(Wish(Shared.OPERATOR, MIDNIGHT, NOON), **changes))


def test_the_group_furthest_below_its_controls_comes_first(ledger: Ledger) -> None:
    found = asked(ledger)
    assert [one.group.name for one in found.ranked] == [HOSTILE, "Beta"]
    alpha, beta = found.ranked
    lost = (120 + 119 + 118) / (4 * 12 * 60)  # minutes of four portals over twelve hours
    assert alpha.inside.together.availability == pytest.approx(1 - lost)
    assert (alpha.inside.services, alpha.inside.measured, alpha.inside.unwell) == (4, 4, 3)
    assert (alpha.control.services, alpha.control.unwell, alpha.control.together.availability) == (6, 0, 1.0)
    assert alpha.points == pytest.approx(-100 * lost)
    assert (alpha.doubts, beta.points and beta.points > 0) == ((), True)
    # « Beta » runs a login too: its controls are portals, for no login is anybody else's.
    assert (beta.inside.services, beta.control.services) == (6, 5)


def test_small_groups_stand_apart(ledger: Ledger) -> None:
    assert [one.group.name for one in asked(ledger).apart] == ["Gamma"]
    hosted = asked(ledger, by=Shared.HOSTER)
    assert [one.group.candidate for one in hosted.ranked] == ["hoster:Nuage"]
    assert hosted.undeclared == 8


def test_no_school_of_its_own_is_counted_anywhere(ledger: Ledger) -> None:
    found = asked(ledger)
    assert "ecole" not in found.figures
    assert all(one.id != "ecole" for line in found.ranked for one in (*line.group.inside, *line.group.control))


def test_what_the_exact_test_said_stands_beside(ledger: Ledger, book: Book) -> None:
    alpha, beta = asked(ledger).ranked
    assert [(one.incident, one.told) for one in alpha.tested] == [(book.incident.id, "possible")]
    assert alpha.tested[0].count.unwell_inside == 3
    assert beta.tested == ()
    later = asked(ledger, since=EIGHT + 3 * HOUR)
    assert all(one.tested == () for one in (*later.ranked, *later.apart))


def test_school_hours_and_a_night_that_nobody_counts(ledger: Ledger) -> None:
    school = asked(ledger, hours=Hours.SCHOOL).ranked[0]
    assert school.inside.together.coverage == pytest.approx(1.0)
    assert school.points is not None
    assert school.points < asked(ledger).ranked[0].points
    night = asked(ledger, hours=Hours.SCHOOL, until=MIDNIGHT + HOUR)
    assert night.ranked == ()
    assert {one.doubts for one in night.apart} == {(Doubt.NOTHING,)}


def test_a_difference_that_rests_on_too_little_says_so(ledger: Ledger) -> None:
    wide = asked(ledger, since=MIDNIGHT - 24 * HOUR, until=NOON + 12 * HOUR).ranked[0]
    assert wide.doubts == (Doubt.LITTLE,)
    one, other = wide.inside, wide.control
    apart = (
        replace(one, together=replace(one.together, coverage=0.9)),
        replace(other, together=replace(other.together, coverage=0.6)),
    )
    assert replace(wide, inside=apart[0], control=apart[1]).doubts == (Doubt.APART,)


def test_without_a_database_nothing_is_counted(ledger: Ledger, tmp_path: Path) -> None:
    nowhere = replace(ledger, url=f"sqlite:///{tmp_path}/none.db")
    found = asked(nowhere)
    assert (found.ranked, {one.points for one in found.apart}) == ((), {None})


def at_once(ledger: Ledger, minutes: int, by: Shared = Shared.OPERATOR) -> dict[str, Moment]:
    groups = sharing(ledger.services, ledger.catalog, ledger.bonds, by).groups
    return dict(moments(ledger, groups, EIGHT + minutes * MINUTE))


def test_at_an_instant_the_counts_are_those_of_a_common_cause(ledger: Ledger, book: Book) -> None:
    found = at_once(ledger, 30)
    count = book.incident.cause and book.incident.cause.test
    assert count is not None
    assert found["operator:alpha"] == Moment(3, 4, 0, 7, count.chance, explained=False, ruled_out=False)
    assert found["operator:beta"] == Moment(0, 6, 3, 5)
    assert at_once(ledger, 30, Shared.TERRITORY)["territory:A:lille"] == Moment(3, 4, 0, 7)
    assert at_once(ledger, -30)["operator:alpha"] == Moment(0, 4, 0, 7)


def test_one_alone_is_not_tried(ledger: Ledger) -> None:
    assert at_once(ledger, 0)["operator:alpha"] == Moment(1, 4, 0, 7)


def test_the_worst_moment_is_the_first_at_which_most_are_unwell(ledger: Ledger) -> None:
    spans = histories_of(ledger.url, ledger.services, MIDNIGHT, NOON, NOON)
    assert worst_moment(spans, MIDNIGHT, NOON) == EIGHT + 2 * MINUTE
    assert worst_moment(spans, EIGHT + 3 * HOUR, NOON) is None


def test_an_onset_reaches_back_over_what_was_unwell_otherwise() -> None:
    def span(health: Health, begin: int, end: int, failure: Failure | None = None) -> Span:
        return Span("a1", None, "", health, EIGHT + begin * MINUTE, EIGHT + end * MINUTE, failure)

    turned = [span(Health.UP, -60, 0), span(Health.SLOW, 0, 10), span(Health.WAITING, 10, 60, WAITING)]
    ((trouble,), well) = states({"a1": turned, "b1": []}, EIGHT + 20 * MINUTE)
    assert (trouble.since, trouble.health, trouble.failure, well) == (EIGHT, Health.WAITING, WAITING, [])
    ((hole,), _) = states({"a1": [turned[1], span(Health.DOWN, 30, 60)]}, EIGHT + 40 * MINUTE)
    assert hole.since == EIGHT + 30 * MINUTE
    ((old,), _) = states({"a1": [span(Health.DOWN, -3000, 60)]}, EIGHT)
    assert old.since == EIGHT - 3000 * MINUTE
    assert states({"a1": [span(Health.UNKNOWN, 0, 60)]}, EIGHT + MINUTE) == ([], [])
    assert states({"a1": [span(Health.UP, 0, 60)]}, EIGHT + 90 * MINUTE) == ([], [])  # nothing is known by then


@pytest.mark.parametrize(
    ("down", "found"),
    [
        (5, Moment(5, 5, 0, 5, pytest.approx(1 / 252), explained=True)),  # one way in C(10, 5) to fall so by chance
        (2, Moment(2, 5, 0, 5, pytest.approx(10 / 45), ruled_out=True)),  # most of what is inside answers
    ],
)
def test_what_explains_and_what_a_control_rules_out(ledger: Ledger, down: int, found: Moment) -> None:
    def span(name: str, health: Health) -> list[Span]:
        return [Span(name, None, "", health, EIGHT, NOON, None)]

    betas, others = ("b1", "b2", "b3", "b4", "b5"), (*ILL, "a4", "c1")
    spans = {name: span(name, Health.DOWN if betas.index(name) < down else Health.UP) for name in betas}
    spans |= {name: span(name, Health.UP) for name in others}
    beta = next(one for one in asked(ledger).ranked if one.group.candidate == "operator:beta").group
    ill, well = states(spans, EIGHT + MINUTE)
    assert counted([beta], ill, well, ledger.bonds) == {"operator:beta": found}
