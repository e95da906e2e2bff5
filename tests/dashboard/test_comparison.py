"""`/carte/comparer` and its figure: what is drawn, what is said, what is refused; nothing typed by people is markup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dash.development.base_component import Component

from dashboard.components import groups as words
from dashboard.dates import PARIS
from dashboard.figures.dumbbell import Pair, ceiling_of, dumbbell, floor_of, height, plain, ticks
from dashboard.model import read_view
from dashboard.pages import comparer
from dashboard.pages.spell import moment_of, spell_of
from dashboard.pages.view import Asking, Books, Unanswerable
from monitor.domain.calendar import SchoolCalendar
from monitor.domain.compared import Doubt
from monitor.domain.observation import Health
from monitor.domain.service_verdict import Span
from monitor.domain.ties import bonds_of
from monitor.domain.timetable import Timetable
from monitor.domain.trial import Count
from monitor.domain.uptime import Hours, Weighted
from monitor.reports import current
from monitor.reports.at_once import Moment
from monitor.reports.groups import Half, Line, Weighed
from monitor.reports.sharing import Group, Shared
from monitor.reports.sources import close_all
from monitor.store import Evaluation, open_store
from tests.domain.small import catalog, service
from tests.neighbours import EIGHT, HOSTILE, MINUTE, NOON, Book, written
from tests.prepared import prepared

NB = "\u00a0"
ALPHA = Pair(HOSTILE, 0.91, 0.99, "Écart", leads="/carte/comparer?groupe=operator:alpha")
BETA = Pair("Beta", 1.0, 0.95, "Écart", doubtful=True)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return written(tmp_path_factory.mktemp("comparer"))


@pytest.fixture(scope="module")
def shown(book: Book):
    published = current.snapshot(book.url)
    assert published is not None
    view = read_view(published.raw)

    def show(view=view, **asked: str) -> str:
        drawn = comparer.draw(Asking(asked, view, Books(book.url, book.config), NOON))
        return "\n".join(text_of(one) for one in drawn)

    return show


def text_of(part: object) -> str:
    """What a reader of the page reads, with ordinary spaces; figures are left out, addresses of links are not."""
    if isinstance(part, Component):
        props = part.to_plotly_json()["props"]
        where = f" [{props['href']}]" if "href" in props else ""
        return text_of(props.get("children")) + where
    if isinstance(part, list | tuple):
        return " ".join(filter(None, (text_of(one).strip() for one in part)))
    return "" if part is None else str(part).replace(NB, " ")


def test_the_figure_joins_each_group_to_its_controls() -> None:
    figure = dumbbell([ALPHA, BETA])
    below, above, control, sure, doubtful = figure["data"]
    assert (below["x"], below["y"], below["line"]["color"]) == ([0.91, 0.99], [0, 0], "--down")
    assert (above["x"], above["line"]["color"]) == ([1.0, 0.95], "--up-ink")
    assert (control["x"], control["marker"]["symbol"]) == ([0.99, 0.95], "circle-open")
    assert (sure["x"], sure["customdata"]) == ([0.91], ["/carte/comparer?groupe=operator:alpha"])
    assert (doubtful["x"], doubtful["marker"]["symbol"]) == ([1.0], "diamond")
    worse = dumbbell([ALPHA, BETA], more_is_worse=True)["data"]
    assert (worse[0]["line"]["color"], worse[1]["line"]["color"]) == ("--up-ink", "--down")
    assert dumbbell([])["data"][0]["x"] == []
    assert height(0) == height(1) < height(2)


def test_names_are_never_markup() -> None:
    figure = dumbbell([ALPHA])
    told = str([figure["data"][3]["text"], figure["layout"]["annotations"]]).replace("<br>", "")
    assert not {"<", ">", "&"} & set(told)
    assert plain("\u202e" + "x" * 80) == "x" * 43 + "…"


@pytest.mark.parametrize(("shares", "low"), [([1.0], 0.9), ([0.93], 0.9), ([0.85], 0.82), ([0.01], 0.0), ([], 0.9)])
def test_a_hair_never_looks_like_an_outage(shares: list[float], low: float) -> None:
    assert floor_of(shares) == pytest.approx(low)


@pytest.mark.parametrize(("shares", "high"), [([0.01], 0.2), ([0.2], 0.2), ([0.31], 0.4), ([1.0], 1.0), ([], 0.2)])
def test_nor_one_affected_like_all(shares: list[float], high: float) -> None:
    assert ceiling_of(shares) == pytest.approx(high)


def test_the_scale_has_round_marks() -> None:
    assert ticks((0.9, 1.0)) == pytest.approx([0.9, 0.92, 0.94, 0.96, 0.98, 1.0])
    assert ticks((0.0, 1.0)) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_the_view_says_who_is_furthest_below(shown) -> None:
    page = shown(par="exploitant")
    assert page.startswith(
        f"Le 22 novembre 2021, jusqu’ici, {HOSTILE} est le plus en dessous de ses témoins : 12,4 points de moins."
    )
    for said in (
        f"{HOSTILE} [/carte/comparer?par=exploitant&periode=aujourdhui&groupe=operator:alpha]",
        "3 sur 4 6 100 %", "−12,4 points", "Ni retenu ni écarté, pour 1 incident",
        "Hors classement", "Gamma", "1 service : 100 %, couverture 100 %",
        "Le lundi 22 novembre 2021 à 12 h 00", "À cet instant, aucun service de ces groupes n’était touché.",
        "Aucun test ne lui est appliqué", "Un écart n’est pas une cause.",
    ):  # fmt: skip
        assert said in page, said
    assert "Hugo" not in page  # one school's own


def test_one_group_is_opened_with_its_services(shown, book: Book) -> None:
    page = shown(par="exploitant", groupe="operator:alpha", heure="8 h 30")
    assert "Exploitant <b>Alpha</b>" in page
    assert "4 services, 3 sur 4 indisponibles à un moment de la période" in page
    assert "Portail a1 [/service/a1] durées et phases [/carte/service?id=a1] 83,33 % 100 % 2 h 00" in page
    assert f"[/carte/incident?id={book.incident.id}]" in page
    assert "Le lundi 22 novembre 2021 à 8 h 30" in page
    assert f"{HOSTILE} 3 sur 4 0 sur 7 " in page


def test_a_day_that_is_over_shows_its_worst_moment(shown, book: Book) -> None:
    later = replace(read_view(current.snapshot(book.url).raw), at=NOON)  # type: ignore[union-attr]
    assert "Le lundi 22 novembre 2021" in shown(view=later, jour="2021-11-22")
    assert "du 16 novembre 2021 au 22 novembre 2021" in shown(periode="7j").lower()
    assert "aucun écart ne peut être cité" in shown(periode="30j")


def test_the_worst_moment_of_a_day_of_23_hours_is_not_one_of_the_evening_before(tmp_path: Path) -> None:
    url, morning = f"sqlite:///{tmp_path}/vigie.db", datetime(2021, 3, 28, 8, tzinfo=UTC)
    prepared(url, "real", morning)
    evening, known = datetime(2021, 3, 27, 22, 30, tzinfo=UTC), morning + timedelta(days=2)
    downs = [Span(name, None, "", Health.DOWN, evening, evening + 20 * MINUTE) for name in ("one", "two")]
    downs.append(Span("one", None, "", Health.DOWN, morning, morning + 20 * MINUTE))
    store = open_store(url, kind="real")
    store.save(Evaluation((), (), tuple(downs), (), None, known))
    store.close()
    country = catalog(service("one"), service("two"))
    clocks = Timetable(country, SchoolCalendar({}, {}, {}, {"Europe/Paris": PARIS}))
    ledger = comparer.Ledger(url, country, clocks, tuple(country.services.values()), bonds_of(country), known)  # fmt: skip
    assert comparer._moment(ledger, spell_of({"jour": "2021-03-28"}, known)) == morning
    close_all()


def test_what_the_snapshot_does_not_name_is_not_shown(shown, book: Book) -> None:
    view = read_view(current.snapshot(book.url).raw)  # type: ignore[union-attr]
    fewer = replace(view, services={name: one for name, one in view.services.items() if name != "a2"})
    assert "Portail a2" in shown(groupe="operator:alpha")
    assert "Portail a2" not in shown(view=fewer, groupe="operator:alpha")


@pytest.mark.parametrize(("by", "said"), [
    ("plateforme", "rien à classer"), ("hebergeur", "Nuage"), ("autorite", "Autorité <script>"), ("territoire", "Amiens"),
])  # fmt: skip
def test_every_way_of_grouping_is_drawn(shown, by: str, said: str) -> None:
    assert said in shown(par=by)


@pytest.mark.parametrize("asked", [
    {"par": "<script>"}, {"heures": "nuit"}, {"genre": "chat"}, {"periode": "siècle"}, {"jour": "hier"}, {"heure": "25:00"},
    {"heure": "midi"}, {"heure": "23:59"}, {"jour": "2022-01-01"}, {"jour": "0001-01-01"}, {"a": "0001-01-01"}, {"groupe": "operator:nobody"},
    {"de": "2021-11-20", "a": "2021-11-10"}, {"de": "2021-01-01", "a": "2021-11-01"},
])  # fmt: skip
def test_what_has_no_answer_is_refused_in_a_sentence(shown, asked: dict[str, str]) -> None:
    with pytest.raises(Unanswerable, match=r"^[A-ZÀ-Ý].*\.$") as refused:
        shown(**asked)
    assert "script" not in str(refused.value)


def test_days_are_those_of_paris_and_stop_at_what_is_known() -> None:
    week = spell_of({"periode": "7j"}, NOON)
    assert (week.since, week.until) == (EIGHT - timedelta(days=6, hours=8), NOON)
    free = spell_of({"de": "2021-11-01", "a": "2021-11-01"}, NOON)
    assert (free.chosen, free.until - free.since, free.words) == (
        "libre",
        timedelta(days=1),
        f"Le 1er{NB}novembre 2021",
    )
    assert spell_of({"periode": "hier"}, NOON).until == EIGHT - timedelta(hours=8)
    summer = spell_of({"jour": "2021-03-28"}, NOON)
    assert summer.until - summer.since == timedelta(hours=23)
    assert moment_of({"heure": "08:30"}, spell_of({}, NOON)) == EIGHT + 30 * MINUTE
    assert moment_of({}, week) is None


def test_differences_and_tests_in_words() -> None:
    assert [words.signed(one) for one in (None, 0.001, -0.25, 1.94, -12.4)] == [
        "–", f"0{NB}point", f"−0,25{NB}point", f"+1,9{NB}point", f"−12,4{NB}points",
    ]  # fmt: skip
    row = words.instant_row("X", Moment(3, 4, 0, 7, 0.004, explained=True), Shared.OPERATOR)
    assert row == ("X", f"3 sur{NB}4", f"0 sur{NB}7", f"1{NB}fois sur{NB}250", "Retenu, mieux que le hasard")
    said = [
        (Moment(0, 4, 0, 7), Shared.OPERATOR), (Moment(0, 0, 0, 0), Shared.OPERATOR),
        (Moment(2, 6, 0, 7, 0.4, ruled_out=True), Shared.OPERATOR), (Moment(1, 4, 0, 7), Shared.OPERATOR),
        (Moment(3, 4, 0, 7), Shared.TERRITORY), (Moment(3, 4, 0, 7, 0.1), Shared.HOSTER),
    ]  # fmt: skip
    assert [words.instant_row("X", *one)[-1] for one in said] == [
        "Tout y répond", "Aucun état connu", "Écarté par ce qui y répond encore", "Trop peu pour un test",
        "Un territoire n’est pas une cause", "Ni retenu ni écarté",
    ]  # fmt: skip


def test_every_doubt_that_may_be_raised_has_its_words() -> None:
    assert set(words.DOUBTS) == {Doubt.NOTHING, Doubt.LITTLE, Doubt.APART}
    assert set(words.BY) == set(Shared)


def test_the_exact_test_is_told_by_its_best_word(book: Book) -> None:
    count = Count("operator:alpha", 3, 4, 0, 7, 0.004)
    kinds = {told: Weighed("i", EIGHT, told, count) for told in ("explained", "possible", "ruled_out")}
    line = words_line()
    said = [words.tested(replace(line, tested=one)) for one in (
        (), (kinds["ruled_out"],), (kinds["possible"], kinds["ruled_out"]), tuple(kinds.values()),
    )]  # fmt: skip
    assert [one.replace(NB, " ") for one in said] == [
        "Aucun incident de la période n’a mis ce point commun à l’épreuve",
        "Écarté par ce qui y répondait encore, pour 1 incident",
        "Ni retenu ni écarté, pour 1 incident",
        "Explique 1 incident mieux que le hasard (1 fois sur 250)",
    ]


def words_line() -> Line:
    half = Half(3, 3, 0, Weighted(Hours.ALL, 1.0, 1.0, 3))
    return Line(Group("operator:alpha", "Alpha", (), ()), half, half)


def test_the_headline_of_a_quiet_period() -> None:
    line = words_line()
    assert words.headline([line], Shared.OPERATOR, "Le 3").endswith(f"n’est en dessous de ses témoins (1{NB}groupe).")
    assert "rien à classer" in words.headline([], Shared.OPERATOR, "Le 3")
