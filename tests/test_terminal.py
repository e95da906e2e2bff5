"""What `vigie status` says, letter by letter where French has its rules."""

from io import StringIO
from typing import Any

from rich.console import Console, RenderableType

from monitor import terminal
from monitor.domain.catalog import Catalog, Operator, Service, ServiceKind

SHOWN = {"rehearsal": None, "blind": False, "at": "2026-11-23T07:00:00.000Z", "coverage": 0.998, "warnings": []}


def printed(*services: dict[str, object], **changes: object) -> str:
    return on_paper(*terminal.snapshot({**SHOWN, "services": services, **changes}))


def on_paper(*parts: RenderableType) -> str:
    text = StringIO()
    console = Console(file=text, width=200)  # markup on: what is printed must not rest on the console
    for part in parts:
        console.print(part)
    return text.getvalue()


def test_a_percentage_keeps_its_distance() -> None:
    assert "100\u00a0% des services mesurés." in printed()


def test_a_failure_is_text_and_no_markup() -> None:
    one = {"health": "down", "name": "[b]ENT[/c]", "since": "2026-11-23T06:00:00.000Z", "failure": "[/b]"}
    assert "[/b]" in printed(one)
    assert "[b]ENT[/c]" in printed(one)


def test_a_rehearsal_says_what_it_is_made_of() -> None:
    assert "RÉPÉTITION — scénario jour" in printed(rehearsal="jour")
    note = "reconstitution d’après la presse"
    assert f"RÉPÉTITION ({note}) — scénario jour" in printed(rehearsal="jour", rehearsal_note=note)


ALIVE: dict[str, Any] = {
    "failing": [],
    "heartbeat": {"every_s": 60.0, "accepted_at": "2026-11-23T06:59:50.000Z", "trouble": None},
    "drill": {"day": "2026-11-23", "queued_at": "2026-11-23T05:45:00.000Z", "arrived_at": "2026-11-23T05:45:03.000Z"},
}


def test_it_says_that_somebody_is_told_how_vigie_is_and_that_the_drill_arrived() -> None:
    said = printed(vitals=ALIVE)
    assert "Dernier battement de cœur accepté : 23/11 07:59:50." in said
    assert "Exercice quotidien du 23/11/2026 : arrivé 23/11 06:45:03." in said
    assert "Vigie signale" not in said
    assert "cœur" not in printed(vitals=None) + printed()


def test_it_says_what_fails_of_vigie_and_what_is_not_set_up() -> None:
    fault = {"vital": "sender", "since": "2026-11-23T06:50:00.000Z", "mute": True, "says": "Rien ne part [/b]."}
    said = printed(vitals={"failing": [fault], "heartbeat": None, "drill": {**ALIVE["drill"], "arrived_at": None}})
    assert "Vigie signale : Rien ne part [/b]." in said
    assert "Battement de cœur : personne n’en attend (VIGIE_HEARTBEAT_URL)." in said
    assert "Exercice quotidien du 23/11/2026 : parti, pas encore arrivé." in said
    beat = {"every_s": 60.0, "accepted_at": None, "trouble": "le service répond 500"}
    said = printed(vitals={"failing": [], "heartbeat": beat, "drill": None})
    assert "Battement de cœur non accepté : le service répond 500." in said
    assert "aucun n’a encore été accepté" in said
    assert "Exercice quotidien : aucun n’est parti." in said


def found(identity: str, culprit: str, *services: str, explained: bool = False) -> dict[str, object]:
    return {
        "id": identity, "culprit": culprit, "services": services, "explained": explained, "worst": "waiting",
        "opened_at": "2021-04-06T06:07:31.000Z", "closed_at": None, "detected_after_s": 61.0,
    }  # fmt: skip


def test_the_incidents_of_a_rehearsal_are_told_in_words_and_the_absorbed_ones_apart() -> None:
    names = [*(f"ent-{n}" for n in range(1, 16)), "cned"]
    services = {one: Service(one, one.upper().replace("-", " "), ServiceKind.ENT, ()) for one in names}
    catalog = Catalog({}, services, {"edifice": Operator("edifice", "Edifice")}, ())
    group, cned = (
        found("g", "operator:edifice", *names[:15], explained=True),
        found("c", "service:cned", "cned", "parti"),
    )
    absorbed = [
        {"id": "x", "culprit": "service:ent-1", "into": "g", "at": "2021-04-06T06:10:00.000Z"},
        {"id": "y", "culprit": "service:ent-2", "into": "gone", "at": "2021-04-06T06:10:00.000Z"},
    ]
    text = on_paper(*terminal.incidents({"incidents": [group, cned], "absorbed": absorbed}, catalog))
    assert " ".join(text.split()).startswith(
        "Ouvert Confirmé après Clos Pire état Incident 06/04 08:07:31 61 s en cours ⧗ File d’attente "
        "15 services exploités par Edifice (point commun établi) ENT 1, ENT 10,"
    )
    assert "et 3 autres" in " ".join(text.split())
    assert "CNED et 1 service qui en dépend" in text
    assert "CNED, parti" in text
    rows = [line.split() for line in text.partition("Rattachés à un incident plus large")[2].splitlines()[2:]]
    assert rows[0] == ["06/04", "08:10:00", "ENT", "1", *["15", "services", "exploités", "par", "Edifice"]]
    assert rows[1] == ["06/04", "08:10:00", "ENT", "2", "gone"]
    alone = on_paper(*terminal.incidents({"incidents": [found("c", "service:cned", "cned")], "absorbed": []}, catalog))
    assert "Rattachés" not in alone
    assert alone.count("CNED") == 1
