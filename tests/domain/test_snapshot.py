"""What the document says of territories: the unit of their weights, and national services apart."""

from monitor.domain.catalog import Audience
from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.rollup import Ground, survey
from monitor.domain.service_verdict import ServiceVerdict
from monitor.domain.snapshot import Press, build_snapshot, document
from tests.domain.small import at, catalog, service

WHERE = catalog(service("a"), service("d", territories=("N",)))
PUPILS = {("D:01", Audience.COLLEGE): 100}


def published(ground: Ground) -> dict[str, object]:
    down = {name: ServiceVerdict(name, Health.DOWN, at(0)) for name in ("a", "d")}
    incidents = [
        Incident(f"i-{name}", f"service:{name}", at(0), at(60), Health.DOWN, Health.DOWN, (name,), places)
        for name, places in (("a", ("D:01",)), ("d", ("N",)))
    ]
    press = Press(at(90), at(90), at(80), "local", None, "0")
    return document(build_snapshot(ground, down, incidents, press), WHERE, ground)


def test_the_document_says_what_territories_are_weighed_in() -> None:
    for pupils, unit in ((None, "departement"), (PUPILS, "pupils")):
        shown = published(survey(WHERE, pupils))
        assert shown["weighting"] == unit
        territories = {one["code"]: one for one in shown["territories"]}  # type: ignore[attr-defined]
        assert territories["D:01"]["audiences"] == [
            {"audience": "college", "health": "down", "share": 1.0, "coverage": 1.0, "weighting": unit}
        ]


def test_a_national_service_is_named_and_nobody_is_counted_for_it() -> None:
    shown = published(survey(WHERE))
    services = {one["id"]: one["national"] for one in shown["services"]}  # type: ignore[attr-defined]
    assert services == {"a": False, "d": True}
    assert all("d" not in one["services"] for one in shown["territories"])  # type: ignore[attr-defined]
    shares = {one["id"]: one["share_affected"] for one in shown["incidents"]}  # type: ignore[attr-defined]
    assert shares == {"i-a": 1.0, "i-d": None}
