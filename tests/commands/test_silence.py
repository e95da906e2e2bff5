"""`vigie silence` and `vigie acknowledge`, as the person on duty types them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced
from monitor.store import Evaluation, open_desk, open_store
from tests.commands.declaring import CATALOGUE, Vigie, as_json
from tests.prepared import prepared

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN, OVER = "20261123-070000-ent-a", "20261120-070000-ent-nc"
WHO = ("--reason", "Migration « 3.2 »", "--author", "Zoé")
SUBSCRIPTIONS = "subscriptions: [{id: rectorat-lille, territories: ['A:lille'], to_env: VIGIE_LILLE}]\n"
SNAPSHOT = (
    b'{"rehearsal": null, "blind": false, "at": "2026-11-23T07:00:00Z", "coverage": 0, "services": [], "warnings": []}'
)


@pytest.fixture
def now(tmp_path, monkeypatch, vigie) -> datetime:
    """The instant from which the test counts; the books hold an open incident and one that is over."""
    (tmp_path / "probes.yaml").write_text(CATALOGUE + SUBSCRIPTIONS, encoding="utf-8")
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    at = datetime.now(UTC)
    prepared(url, "real", at)
    begun = at - 3 * HOUR
    still = Incident(OPEN, "service:ent-a", begun, begun, Health.DOWN, Health.DOWN, ("ent-a",), ("D:59",))
    over = Incident(
        OVER, "service:ent-nc", begun, begun, Health.UP, Health.DOWN, ("ent-nc",), ("C:988",), closed_at=at - HOUR
    )
    with closing(open_store(url, kind="real")) as store:
        store.save(Evaluation((), (), (), (still, over), SNAPSHOT, at))
    return at


def local(at: datetime, zone: ZoneInfo = PARIS) -> str:
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def to(now: datetime, hours: float, zone: ZoneInfo = PARIS) -> tuple[str, str]:
    return "--to", local(now + hours * HOUR, zone)


def instants(shown: dict[str, object]) -> tuple[datetime, datetime]:
    since, until = (datetime.fromisoformat(str(shown[key])) for key in ("since", "until"))
    return since, until


def test_a_silence_declared_shown_and_called_off(vigie: Vigie, now) -> None:
    code, out, err = vigie("silence", "add", "--service", "ent-a", *to(now, 48), *WHO)
    assert (code, err) == (0, "")
    name = f"{now:%Y%m%d}-ent-a"
    assert f"Silence {name} déclaré : ENT A, du " in out
    assert "suivent leur cours" in out
    [shown] = as_json(vigie("silence", "list", "--format", "json"))
    assert (shown["id"], shown["what"], shown["name"], shown["subscription"]) == (name, "service", "ent-a", None)
    assert (shown["reason"], shown["author"], shown["in_force"]) == ("Migration « 3.2 »", "Zoé", True)
    since, until = instants(shown)
    assert now <= since < now + HOUR
    assert until == (now + 48 * HOUR).replace(second=0, microsecond=0)
    code, out, _ = vigie("silence", "list")
    for words in (name, "ENT A", "En vigueur.", "Migration « 3.2 »", "Zoé"):
        assert words in out
    assert f"Silence {name} : service ent-a, jusqu’au " in vigie("status")[1]
    code, out, err = vigie("silence", "end", name)
    assert (code, err) == (0, "")
    assert f"Silence {name} levé" in out
    assert as_json(vigie("silence", "list", "--format", "json")) == []
    assert "Levé le" in vigie("silence", "list", "--all")[1]
    assert "déjà été levé" in vigie("silence", "end", name)[2]
    assert "Silence" not in vigie("status")[1]


@pytest.mark.parametrize(
    ("scope", "what", "name", "about"),
    [
        (("--operator", "edifice"), "operator", "edifice", "services de Edifice"),
        (("--territory", "A:lille"), "territory", "A:lille", "services de Lille (A:lille)"),
        (("--incident", "20261123-07"), "incident", OPEN, f"incident {OPEN}"),
        (("--everything",), "everything", None, "tout"),
        (("--everything", "--subscription", "rectorat-lille"), "everything", None, "tout, pour l’abonnement rectorat-lille seul"),
    ],
)  # fmt: skip
def test_everything_that_may_be_silenced(vigie: Vigie, now, scope, what, name, about) -> None:
    code, out, err = vigie("silence", "add", *scope, *to(now, 2), *WHO)
    assert (code, err) == (0, "")
    assert f"{about}, du " in out
    [shown] = as_json(vigie("silence", "list", "--format", "json"))
    assert (shown["what"], shown["name"]) == (what, name)


def test_hours_are_those_of_what_is_silenced_or_of_the_place_named(vigie: Vigie, now) -> None:
    begin = ("--from", local(now + 24 * HOUR, NOUMEA))
    assert vigie("silence", "add", "--service", "ent-nc", *begin, *to(now, 25, NOUMEA), *WHO)[0] == 0
    here = ("--everything", "--hours-of", "C:988")
    assert vigie("silence", "add", *here, *begin, *to(now, 25, NOUMEA), *WHO)[0] == 0
    for shown in as_json(vigie("silence", "list", "--format", "json")):
        assert instants(shown)[0] == (now + 24 * HOUR).replace(second=0, microsecond=0)
        assert shown["in_force"] is False
    assert "À venir." in vigie("silence", "list")[1]


def test_thirty_days_and_not_a_minute_more(vigie: Vigie, now) -> None:
    begin = ("--from", "2090-01-01T08:00")
    add = ("silence", "add", "--everything", *begin, *WHO)
    assert vigie(*add, "--to", "2090-01-31T08:00")[0] == 0
    code, out, err = vigie(*add, "--to", "2090-01-31T08:01")
    assert (code, out) == (2, "")
    assert "Un silence dure 30 jours au plus" in err


A = ("--service", "ent-a")
LATER = ("--to", "2021-01-01T08:00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*WHO,), ["--incident ou --everything", "Il manque --to"]),
        ((*A, "--everything", *LATER, *WHO), ["un seul de ceux-là", "La fin ne vient pas après le début"]),
        (("--service", "ent-b", "--to", "demain", *WHO), ["--service : « ent-b »", "ent-a", "--to : « demain »"]),
        (("--territory", "A:lile", "--subscription", "rectorat-lile", *WHO), ["A:lille (Lille)", "--subscription", "rectorat-lille"]),
        (("--incident", "2099", *WHO), ["--incident : Aucun incident ne commence par « 2099 »", "Il manque --to"]),
        (("--incident", OVER, *WHO), ["--incident : cet incident est clos"]),
        ((*A, "--from", "2020-01-01T08:00", *LATER, *WHO), ["déjà passé"]),
        ((*A, "--hours-of", "A:lile", "--to", "2090-01-01T08:00", *WHO), ["--hours-of", "A:lille (Lille)"]),
        ((*A, "--to", "2037-03-29T02:30", *WHO), ["heure d’été"]),
        ((*A, "--to", "2090-01-01T08:00"), ["--reason : rien n’est écrit", "--author : rien n’est écrit"]),
        (("--service", "\x1b[31m", "--from", "x\u202e", "--reason", "a\nb", "--author", "y" * 81), ["« \\u{1b}", "« x\\u{202e} »", "--reason : le texte doit tenir sur une ligne", "81 caractères, 80 au plus"]),
    ],
)  # fmt: skip
def test_every_mistake_at_once_with_its_mend(vigie: Vigie, now, words, said) -> None:
    code, out, err = vigie("silence", "add", *words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err
    assert not {char for char in err if char != "\n" and not char.isprintable()}
    assert as_json(vigie("silence", "list", "--all", "--format", "json")) == []


def test_nothing_declared_and_nothing_to_end(vigie: Vigie, now) -> None:
    assert vigie("silence", "list") == (0, "Aucun silence en vigueur ni à venir.\n", "")
    assert vigie("silence", "list", "--all") == (0, "Aucun silence n’a été déclaré.\n", "")
    vigie("silence", "add", *A, *to(now, 1), *WHO)
    assert f"peut-être {now:%Y%m%d}-ent-a ?" in vigie("silence", "end", f"{now:%Y%m%d}-ent")[2]
    assert "vigie silence list" in vigie("silence", "end", "zzz")[2]


def test_an_incident_is_taken_and_given_back(vigie: Vigie, now) -> None:
    code, out, err = vigie("acknowledge", "20261123", "--author", "Paul", "--note", "relance de l’exploitant")
    assert (code, err) == (0, "")
    assert f"Incident {OPEN} pris en charge par Paul" in out
    assert "Pris en charge par Paul depuis le" in vigie("explain", OPEN)[1]
    assert f"Incident {OPEN} : pris en charge par Paul depuis le" in vigie("status")[1]
    assert "relance de l’exploitant" in vigie("status")[1]
    code, out, err = vigie("acknowledge", OPEN, "--withdraw")
    assert (code, err) == (0, "")
    assert "les rappels reprennent" in out
    assert "Pris en charge" not in vigie("explain", OPEN)[1]
    assert "rien à retirer" in vigie("acknowledge", OPEN, "--withdraw")[2]


def test_who_took_it_before_a_relapse_is_shown_no_more(vigie: Vigie, now, tmp_path) -> None:
    vigie("acknowledge", OPEN, "--author", "Paul")
    url = f"sqlite:///{tmp_path}/vigie.db"
    with closing(open_store(url, kind="real")) as store:
        (one,) = (one for one in store.state().incidents if one.id == OPEN)
        again = one.turned(datetime.now(UTC) + HOUR, Reason.RELAPSED)
        store.save(Evaluation((), (), (), (again,), None, now))
    assert "Pris en charge" not in vigie("explain", OPEN)[1]
    assert "pris en charge" not in vigie("status")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2099", "--author", "Paul"), ["Aucun incident ne commence par « 2099 »"]),
        ((OPEN,), ["--author : rien n’est écrit"]),
        ((OVER, "--author", "x\x1b", "--note", "a\nb"), ["--author : caractère invisible U+001B", "--note : le texte doit tenir", "cet incident est clos".capitalize()]),
    ],
)  # fmt: skip
def test_taking_it_wrongly(vigie: Vigie, now, words, said) -> None:
    code, out, err = vigie("acknowledge", *words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err


def test_a_desk_that_is_gone_takes_nothing_else_from_status_and_explain(vigie: Vigie, now, tmp_path) -> None:
    (tmp_path / "vigie-desk.db").unlink()
    for words in (("status",), ("explain", OPEN)):
        code, out, _ = vigie(*words)
        assert code == 0
        assert "n’ont pas pu être lus" in out
    assert vigie("silence", "list")[0] == 2


def test_text_written_by_something_else_than_vigie_is_harmless_in_a_terminal(vigie: Vigie, now, tmp_path) -> None:
    evil = "x\x1b[31m\u202e\n"
    with closing(open_desk(f"sqlite:///{tmp_path}/vigie.db")) as desk:
        desk.keep_silent(DeclaredSilence(evil, Silenced.SERVICE, evil, now, now + DAY, evil, evil, now, evil))
        desk.acknowledge(Acknowledgement("1", OPEN, evil, evil, now))
    for words in (("status",), ("explain", OPEN), ("silence", "list")):
        assert not {char for char in vigie(*words)[1] if char != "\n" and not char.isprintable()}
