"""`vigie maintenance`, as the technician of a collectivité types it, on each database."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.commands.declaring import Vigie, as_json
from tests.prepared import prepared

PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHO = ("--reason", "Mise à jour « 3.2 »", "--author", "DSI du Nord")


@pytest.fixture
def now(database_url: str, monkeypatch) -> datetime:
    """The instant from which the test counts; the books are ready."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    at = datetime.now(UTC)
    prepared(database_url, "real", at)
    return at


def local(at: datetime, zone: ZoneInfo = PARIS) -> str:
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def once(now: datetime, begin: float, end: float, zone: ZoneInfo = PARIS) -> tuple[str, ...]:
    return "--from", local(now + begin * HOUR, zone), "--to", local(now + end * HOUR, zone)


def seconds(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def test_one_evening_declared_shown_and_called_off(vigie: Vigie, now) -> None:
    code, out, err = vigie("maintenance", "add", "--service", "ent-a", *once(now, 48, 50), *WHO)
    assert (code, err) == (0, "")
    begin = (now + 2 * DAY).astimezone(PARIS)
    name = f"{begin:%Y%m%d}-ent-a"
    assert f"Fenêtre {name} déclarée : ENT A, " in out
    assert f"{begin:%d/%m/%Y %H:%M}" in out
    assert "heure de Paris" in out
    assert "Prochaine : du" in out
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert (shown["id"], shown["scope"], shown["name"], shown["timezone"]) == (name, "service", "ent-a", "Europe/Paris")
    assert (shown["reason"], shown["author"]) == ("Mise à jour « 3.2 »", "DSI du Nord")
    assert (shown["weekly"], shown["in_force"], shown["ended_at"]) == (None, False, None)
    assert shown["once"] == {"begin": local(now + 48 * HOUR), "end": local(now + 50 * HOUR)}
    assert seconds(shown["next"]["since"]) == (now + 48 * HOUR).replace(second=0, microsecond=0)
    code, out, err = vigie("maintenance", "list")
    for words in (name, "ENT A", "Prochaine", "Mise à jour « 3.2 »", "DSI du Nord"):
        assert words in out
    code, out, err = vigie("maintenance", "end", name)
    assert (code, err) == (0, "")
    assert f"Fenêtre {name} levée" in out
    assert as_json(vigie("maintenance", "list", "--format", "json")) == []
    [shown] = as_json(vigie("maintenance", "list", "--all", "--format", "json"))
    assert shown["ended_at"] is not None
    assert shown["next"] is None
    assert "Levée le" in vigie("maintenance", "list", "--all")[1]
    code, out, err = vigie("maintenance", "end", name)
    assert (code, out) == (2, "")
    assert "déjà été levée" in err


def test_a_window_already_begun_counts_from_now_on(vigie: Vigie, now) -> None:
    code, out, err = vigie("maintenance", "add", "--operator", "edifice", *once(now, -2, 2), *WHO)
    assert code == 0
    assert "services de Edifice" in out
    assert "En cours, jusqu’au" in out
    assert "seul compte ce qui suit" in err
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert shown["in_force"] is True
    assert now <= seconds(shown["declared_at"]) <= seconds(shown["next"]["since"])


def test_every_week_over_midnight(vigie: Vigie, now) -> None:
    words = ("--territory", "A:lille", "--every", "mercredi,samedi", "--every", "Lundi", "--between", "22h-2h30")
    code, out, err = vigie("maintenance", "add", *words, *WHO)
    assert (code, err) == (0, "")
    assert "services de Lille (A:lille), lundi, mercredi, samedi 22:00-02:30, à partir du" in out
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert shown["once"] is None
    today = f"{now.astimezone(PARIS):%Y-%m-%d}"
    assert shown["weekly"] == {
        "weekdays": [1, 3, 6], "starts": "22:00", "ends": "02:30", "first": today, "last": None,
    }  # fmt: skip
    assert shown["next"] is not None


def test_every_day_all_day_until_a_day(vigie: Vigie, now) -> None:
    first, last = (f"{(now + days * DAY).astimezone(PARIS):%Y-%m-%d}" for days in (3, 4))
    words = ("--service", "ent-a", "--every", "jour", "--between", "00:00-24:00", "--from", first, "--to", last)
    code, out, _ = vigie("maintenance", "add", *words, *WHO)
    assert code == 0
    assert "chaque jour 00:00-00:00" in out
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert shown["weekly"]["last"] == last
    lasts = seconds(shown["next"]["until"]) - seconds(shown["next"]["since"])
    assert timedelta(hours=47) <= lasts <= timedelta(hours=49)  # two days that touch; one may be that of a change


def test_hours_are_those_of_the_territory(vigie: Vigie, now) -> None:
    code, out, _ = vigie("maintenance", "add", "--service", "ent-nc", *once(now, 48, 49, NOUMEA), *WHO)
    assert code == 0
    assert "heure de Nouméa" in out
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert shown["timezone"] == "Pacific/Noumea"
    assert seconds(shown["next"]["since"]) == (now + 48 * HOUR).replace(second=0, microsecond=0)


def test_an_operator_of_several_clocks_is_asked_which(vigie: Vigie, now) -> None:
    words = ("maintenance", "add", "--operator", "iles", *once(now, 48, 49, NOUMEA), *WHO)
    code, out, err = vigie(*words)
    assert (code, out) == (2, "")
    assert "heure de Nouméa, heure de Tahiti" in err
    assert "--hours-of" in err
    assert vigie(*words, "--hours-of", "C:988")[0] == 0
    [shown] = as_json(vigie("maintenance", "list", "--format", "json"))
    assert shown["timezone"] == "Pacific/Noumea"


def test_nothing_declared_is_one_calm_sentence(vigie: Vigie, now) -> None:
    assert vigie("maintenance", "list") == (0, "Aucune maintenance en cours ni à venir.\n", "")
    assert vigie("maintenance", "list", "--all") == (0, "Aucune maintenance n’est déclarée.\n", "")
    assert json.loads(vigie("maintenance", "list", "--format", "json")[1]) == []


TOMORROW = ("--from", "2090-12-05T22:00", "--to", "2090-12-06T02:00")
A = ("--service", "ent-a")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*TOMORROW, *WHO), ["--service, --operator ou --territory"]),
        ((*A, "--operator", "edifice", *TOMORROW, *WHO), ["un seul des trois"]),
        (("--service", "ent-b", *TOMORROW, *WHO), ["--service : « ent-b »", "ent-a"]),
        (("--operator", "edifce", *TOMORROW, *WHO), ["--operator : « edifce »", "edifice ?"]),
        (("--territory", "A:lile", *TOMORROW, *WHO), ["--territory", "A:lille (Lille)"]),
        ((*A, *TOMORROW, "--hours-of", "A:lile", *WHO), ["--hours-of", "A:lille (Lille)"]),
        ((*A, *WHO), ["Il manque --from et --to", "--every et --between"]),
        ((*A, "--from", "2090-12-05T22:00", *WHO), ["Il manque --to"]),
        ((*A, "--from", "demain", "--to", "2090-12-06", *WHO), ["--from : « demain »", "--to : « 2090-12-06 » n’a pas d’heure", "2090-12-06T22:00"]),
        ((*A, "--from", "2090-12-05T22:00Z", "--to", "9999-12-06T02:00", *WHO), ["--from : « 2090-12-05T22:00Z » porte un décalage", "hors de portée"]),
        ((*A, "--from", "2090-12-06T02:00", "--to", "2090-12-05T22:00", *WHO), ["La fin ne vient pas après le début"]),
        ((*A, "--from", "2021-04-06T08:00", "--to", "2021-04-06T12:00", *WHO), ["déjà passée", "vigie announce"]),
        ((*A, "--from", "2037-03-29T02:00", "--to", "2037-03-29T03:00", *WHO), ["aucun instant", "changement d’heure"]),
        ((*A, "--every", "mardi", *WHO), ["Il manque --between"]),
        ((*A, "--between", "22:00-02:00", *WHO), ["Il manque --every"]),
        ((*A, "--every", "mardi,tuesday", "--between", "22-02", *WHO), ["--every : « tuesday »", "lundi, mardi", "--between : « 22-02 »"]),
        ((*A, "--every", "mardi", "--between", "22:00-25:00", *WHO), ["--between : « 22:00-25:00 »"]),
        ((*A, "--every", "mardi", "--between", "22:00-22:00", *WHO), ["la même heure", "00:00-24:00"]),
        ((*A, "--every", "mardi", "--between", "22:00-02:00", "--from", "2090-12-05T22:00", *WHO), ["--from", "sans heure"]),
        ((*A, "--every", "mardi", "--between", "22:00-02:00", "--to", "1066-01-01", *WHO), ["--to", "hors de portée"]),
        ((*A, "--every", "mardi", "--between", "22:00-02:00", "--from", "2090-02-02", "--to", "2090-01-01", *WHO), ["dernier jour vient avant"]),
        ((*A, "--every", "mardi", "--between", "22:00-02:00", "--from", "2021-01-01", "--to", "2021-02-01", *WHO), ["déjà passée"]),
        ((*A, "--every", "mardi", "--between", "22:00-02:00", "--from", "2090-01-01", "--to", "2090-01-02", *WHO), ["aucun instant", "les jours"]),
        ((*A, *TOMORROW), ["--reason : rien n’est écrit", "--author : rien n’est écrit"]),
        ((*A, *TOMORROW, "--reason", "a\nb", "--author", "x\x1b[31m"), ["--reason : le texte doit tenir sur une ligne", "--author : caractère invisible U+001B"]),
        (("--service", "\x1b[31m", "--from", "x\u202e", "--reason", "", "--author", "y" * 81), ["--service : « \\u{1b}", "Il manque --to", "--from : « x\\u{202e} »", "--reason", "--author : 81 caractères, 80 au plus"]),
    ],
)  # fmt: skip
def test_every_mistake_at_once_with_its_mend(vigie: Vigie, tmp_path, monkeypatch, words, said) -> None:
    url = f"sqlite:///{tmp_path}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    prepared(url, "real", datetime.now(UTC))
    code, out, err = vigie("maintenance", "add", *words)
    assert (code, out) == (2, "")
    for word in said:
        assert word in err
    assert not {char for char in err if char != "\n" and not char.isprintable()}
    assert as_json(vigie("maintenance", "list", "--all", "--format", "json")) == []


def test_ending_what_is_not_there_or_over(vigie: Vigie, now) -> None:
    vigie("maintenance", "add", *A, *TOMORROW, *WHO)
    code, out, err = vigie("maintenance", "end", "20901205-ent")
    assert (code, out) == (2, "")
    assert "peut-être 20901205-ent-a ?" in err
    assert "vigie maintenance list" in vigie("maintenance", "end", "zzz")[2]


def test_without_a_book_the_mend_is_named(vigie: Vigie, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    for words in (("add", *A, *TOMORROW, *WHO), ("list",), ("end", "x")):
        code, out, err = vigie("maintenance", *words)
        assert (code, out) == (2, "")
        assert "vigie db upgrade" in err
