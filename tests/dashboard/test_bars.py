"""Ninety days as bars: what is drawn, what is said beside it, what the table tells; on the pages of all who have them."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.components.bars import BEFORE, DECLARED, Line, told
from dashboard.figures.bars import GROUND, LEAST, STEP, TALL, bars_svg, parts, swatch
from dashboard.public.ninety import ninety_days
from dashboard.tongue import ENGLISH, speaking
from monitor.domain.by_day import Bar
from monitor.domain.calendar import Closed
from monitor.domain.incident import Incident
from monitor.domain.observation import Failure, Health
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.uptime import Hours, Weighted
from monitor.domain.weights import Weighting
from monitor.reports.by_day import ByDay, Row
from monitor.store import Evaluation
from monitor.store.days import begins

from .conftest import MORNING, a_document, as_bytes, until

SVG = "{http://www.w3.org/2000/svg}"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 11, 2)
NOTHING = timedelta()


def bar(number: int, lost: tuple[tuple[Health, float], ...] = (), **facts: object) -> Bar:
    """A day: the second of November and so on; what is neither lost nor declared was well."""
    declared = facts.pop("declared", 0.0)
    well = facts.pop("well", 1 - sum(share for _, share in lost) - declared)
    given_ = {"asked": True, "closed": None, "longest": NOTHING, "whose": None, **facts}
    return Bar(day=MONDAY + number * DAY, available=well, lost=lost, declared=declared, **given_)


def closed(number: int, why: Closed | None) -> Bar:
    return Bar(MONDAY + number * DAY, False, why, 0.0, (), 0.0, NOTHING, None)


def ninety(*bars: Bar, begun: date | None = MONDAY, unit: Weighting | None = None, **facts: timedelta) -> ByDay:
    rows = [
        Row(hours, bars, Weighted(hours, 0.98765, 0.97, 1), facts.get("lost", NOTHING), facts.get("declared", NOTHING))
        for hours in Hours
    ]
    until = begins(bars[-1].day) + 10 * HOUR
    return ByDay(begins(bars[0].day), until, begun, (rows[0], rows[1]), unit)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


shares = st.floats(0, 1).map(lambda share: share if share > 1e-6 else 0.0)
lots = st.lists(st.sampled_from([Health.DOWN, Health.WAITING, Health.RESTRICTED, Health.MAINTENANCE]), unique=True)


@settings(max_examples=60)
@given(lots, st.lists(shares, min_size=6, max_size=6))
def test_a_bar_is_whole_and_what_was_lost_is_never_lost_from_sight(healths, given_) -> None:
    whole = sum(given_) or 1.0
    lost = tuple((health, share / whole) for health, share in zip(healths, given_, strict=False) if share)
    made = bar(0, lost, declared=given_[4] / whole, well=given_[5] / whole)
    found = parts(made)
    assert sum(tall for _, tall in found) == pytest.approx(TALL)
    assert all(tall > 0 for _, tall in found)
    drawn = [kind for kind, _ in found]
    assert drawn[: len(lost)] == [f"bar s-{health.value}" for health, _ in lost]
    assert ("plan s-maintenance" in drawn) == bool(made.declared)
    if lost:
        tall = sum(tall for _, tall in found[: len(lost)])
        assert tall >= min(LEAST, made.unavailable * TALL) * 0.9
        assert tall <= max(LEAST, made.unavailable * TALL) + 1e-6


def test_each_day_stands_in_its_place() -> None:
    days = [
        closed(0, Closed.WEEKEND), bar(1), bar(2, ((Health.DOWN, 0.5), (Health.WAITING, 0.25))), closed(3, Closed.HOLIDAYS),
        bar(4, declared=0.5), bar(5, well=0.0), bar(6, well=0.999), closed(7, Closed.WEEKEND),
    ]  # fmt: skip
    evil = "Jeudi : <script>alert(1)</script> & co"
    svg = bars_svg(days, MONDAY + DAY, ["", "", evil, "", "", "", "", ""], first=True)
    tree = ET.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    paths = {path.get("class"): path.get("d") for path in tree.iter(f"{SVG}path") if path.get("d")}
    assert paths["before"] == f"M0 {GROUND}h{STEP}"
    assert paths["off"] == f"M30 {GROUND}h10M73 {GROUND}h4"  # a holiday from edge to edge, a week-end in between
    assert paths["bar s-down"] == "M21 33h8V53h-8z"
    assert paths["bar s-waiting"] == "M21 23h8V33h-8z"
    assert paths["bar s-up"].count("M") == 4
    assert paths["plan s-maintenance"] == "M41 33h8V53h-8z"
    assert paths["hatch s-unknown"] == "M51 13h8V53h-8z"
    marks = [(use.get("href"), use.get("x")) for use in tree.iter(f"{SVG}use")]
    assert marks == [("#m-down", "20"), ("#m-maintenance", "40")]
    assert [title.text for title in tree.iter(f"{SVG}title")] == [evil]
    assert "<script" not in str(svg)
    assert "<defs>" not in bars_svg(days, None, [])
    assert 'fill="url(#b-plan)"' in swatch("plan")


def test_ninety_days_in_words() -> None:
    lost = ((Health.DOWN, 0.1), (Health.WAITING, 0.02))
    values = ninety_days(ninety(
        bar(-1, well=0.0), bar(0), bar(1, lost, longest=2 * HOUR, whose="pix"), bar(2, ((Health.WAITING, 0.01),)),
        bar(3, declared=1.0), bar(4, well=0.3), bar(5), bar(6, lost), bar(7, ((Health.DOWN, 0.5),)),
        lost=40 * HOUR, declared=3 * HOUR,
    ))  # fmt: skip
    found = values["ninety"]
    row = found.rows[0]
    assert (row.hours, plain(row.share)) == ("Jour et nuit", "98,76 %")
    assert plain(row.rests) == (
        "Couverture : 97 %. Indisponible : 40 h 00. Maintenance déclarée, non comptée : 3 h 00."
    )
    assert [one.href for one in row.worst] == [f"/carte/jour?date=2026-11-{day}" for day in ("09", "08", "03")]
    assert plain(row.worst[2].words) == "88,00 %, en panne, au plus 2 h 00 d’affilée"
    assert row.worst[0].day == "lundi 9 novembre"
    assert plain(found.before) == "Première mesure : lundi 2 novembre."
    assert found.states == (Health.DOWN, Health.WAITING)
    assert values["planned"]
    assert values["unmeasured"]
    assert plain(found.until) == "lundi 9 novembre 2026 à 10 h 00"
    (drawn,), _ = values["drawn"]
    assert drawn.begins == "dimanche 1er novembre"
    titles = re.findall("<title>(.*?)</title>", str(drawn.svg))
    assert [plain(title).partition(" : ")[0] for title in titles] == [
        "Mardi 3 novembre", "Mercredi 4 novembre", "Jeudi 5 novembre", "Vendredi 6 novembre", "Dimanche 8 novembre",
        "Lundi 9 novembre",
    ]  # fmt: skip
    assert plain(titles[2]) == "Jeudi 5 novembre : Maintenance déclarée"
    assert plain(titles[3]) == "Vendredi 6 novembre : Non mesuré"


def test_the_table_tells_each_day_and_days_that_went_alike_together() -> None:
    days = [bar(-2, well=0.0), bar(-1, well=0.0), *(bar(n) for n in range(3)), bar(3, declared=0.2)]
    days += [bar(4, declared=1.0), closed(5, Closed.WEEKEND), closed(6, Closed.WEEKEND), closed(7, Closed.HOLIDAYS)]
    days += [
        closed(8, Closed.PUBLIC),
        bar(9, ((Health.DOWN, 0.1),), longest=HOUR, whose="pix"),
        bar(10),
        closed(11, None),
    ]
    row = told(ninety(*days), {"pix": "Pix & Co"}.__getitem__).rows[1]
    lines = [(one.days, plain(one.share), plain(one.coverage), plain(one.longest), one.state) for one in row.lines]
    assert [(plain(first), *others) for first, *others in lines] == [
        ("Aujourd’hui, jusqu’à 10 h 00", "Pas d’heures scolaires", "", "", ""),
        ("12 novembre", "100 %", "100 %", "", ""),
        ("11 novembre", "90,00 %", "100 %", "1 h 00 (Pix & Co)", "En panne"),
        ("10 novembre", "Jour férié", "", "", ""),
        ("9 novembre", "Vacances scolaires", "", "", ""),
        ("6 novembre", DECLARED, "0 %", "", ""),
        ("5 novembre", "100 %", "80 %", "", DECLARED),
        ("Du 2 au 4 novembre", "100 %", "100 %", "", ""),
        ("Du 31 octobre au 1er novembre", BEFORE, "", "", ""),
    ]
    assert row.omitted == "Les week-ends, qui n’ont pas d’heures scolaires, sont omis."
    assert row.lines[2].worst is Health.DOWN
    assert isinstance(row.lines[0], Line)


def test_of_several_services_it_says_how_they_are_weighed() -> None:
    days = ninety(bar(0), bar(1), unit=Weighting.PUPILS, lost=HOUR)
    values = ninety_days(days)
    found = values["ninety"]
    assert "chaque service comptant pour ses élèves" in found.weighed
    assert plain(found.rows[0].rests).endswith("Indisponible : 1 h 00, en moyenne par usager.")
    assert (found.before, found.states, values["planned"], values["unmeasured"]) == ("", (), "", "")
    assert (found.rows[0].worst, found.rows[0].omitted) == ((), "")


def test_it_is_said_in_english_on_english_pages() -> None:
    lost = bar(9, ((Health.DOWN, 0.1),), longest=HOUR, whose="pix")
    days = ninety(bar(0), bar(1), bar(2, declared=1.0, well=0.0), closed(3, Closed.PUBLIC), lost, lost=HOUR)
    with speaking(ENGLISH):
        found = told(days, {"pix": "Pix"}.__getitem__)
        unread = ninety_days(None)["unread"]
    assert found is not None
    row = found.rows[0]
    assert (row.hours, plain(row.rests)) == ("Round the clock", "Coverage: 97%. Unavailable: 1 h 00 min.")
    assert row.label == "Round the clock, 5 days as bars: 98.76% available. The table tells each day."
    assert plain(row.titles[-1]) == "Wednesday 11 November: 90.00%, down, at most 1 h 00 min at a stretch (Pix)"
    assert [(line.days, line.share) for line in row.lines] == [
        ("Today, until 10:00", "90.00%"),
        ("5 November", "Public holiday"),
        ("4 November", "Declared maintenance"),
        ("2 to 3 November", "100%"),
    ]
    assert found.reading.startswith("A bar is a whole day.")
    assert found.until == "Wednesday 11 November 2026 at 10:00"
    assert unread == "It cannot be calculated for now."


def test_what_cannot_be_read_and_what_never_was_measured() -> None:
    assert ninety_days(None) == {"ninety": None, "unread": "Elle ne peut pas être calculée pour l’instant."}
    assert ninety_days(ninety(bar(0, well=0.0), begun=None)) == {"ninety": None, "unread": ""}


def past(number: int) -> Incident:
    begun = MORNING - (number + 2) * DAY
    return Incident(
        f"{begun:%Y%m%d}-{begun:%H%M%S}-ent-hdf", "service:ent-hdf", begun, begun + HOUR / 60, Health.UP, Health.DOWN,
        ("ent-hdf",), ("A:lille",), Failure.EXCHANGE_SERVER_ERROR, begun + HOUR, closed_at=begun + 2 * HOUR,
    )  # fmt: skip


def test_they_stand_on_the_pages(country, serve) -> None:
    begun = MORNING - 40 * DAY
    spans = (
        Span("ent-hdf", None, "", Health.UP, begun, MORNING - 3 * DAY),
        Span("ent-hdf", None, "", Health.DOWN, MORNING - 3 * DAY, MORNING - 3 * DAY + HOUR),
    )
    verdict = ServiceVerdict("ent-hdf", Health.UP, MORNING - 3 * DAY + HOUR)
    incidents = (*(past(number) for number in range(14)), replace(past(20), absorbed_into="x"))
    country.store.save(Evaluation((), (verdict,), spans, incidents, as_bytes(a_document()), MORNING))
    country.publish(a_document(published=datetime.now(UTC)))
    web = serve(country.url)
    for path in ("/service/ent-hdf", "/academie/lille"):
        assert until(lambda path=path: b'<svg class="bars"' in web.get(path)[2], 20)  # the catalogue is read first
        shown = plain(web.get(path)[2].decode())
        for words in (
            "Disponibilité des 90 derniers jours", 'role="img" aria-label="Jour et nuit, 90 jours en barres : 99,89 % de',
            "Première mesure : jeudi 15 octobre.", '<a href="/carte/jour?date=2026-11-21">samedi 21 novembre</a>',
            "Jour par jour, en tableau", "<caption>Aux heures scolaires", "Avant la première mesure", "Vacances scolaires",
        ):  # fmt: skip
            assert words in shown, (path, words)
        assert len(re.findall('<svg class="bars"', shown)) == 6
        assert len(web.get(path, Accept_Encoding="gzip")[2]) < 9_000
    assert len(re.findall('/incidents/2026[^"]*-ent-hdf">', shown)) == 12
    assert "Et 2 autres, plus anciens." in shown
    assert "/incidents/20261102" not in shown
    # Nobody is measured there.
    assert "Aucune mesure sur les 90 derniers jours." in plain(web.told("/academie/mayotte")[2].decode())
