"""`vigie tellings`, as the operator of Vigie types it, on each database."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.gateways import reference
from monitor.desk.resends import Wishes
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.store import Mark, Telling, open_desk_reader, open_store
from tests.commands.declaring import Vigie, as_json
from tests.prepared import prepared

SECOND = timedelta(seconds=1)


@pytest.fixture
def now(database_url: str, monkeypatch) -> datetime:
    """The instant of the books, which hold one message of each state."""
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    at = datetime.now(UTC).replace(microsecond=0)
    prepared(database_url, "real", at)
    one = Telling("i1/lille/opened-down", "lille", "i1", Reason.OPENED, Health.DOWN, "EN PANNE\u202e", "Corps.", at)
    with closing(open_store(database_url, kind="real")) as store:
        store.queue([
            one,
            replace(one, id="i1/lille/closed-down", reason=Reason.CLOSED, created_at=at + SECOND),
            replace(one, id="i2/\x1b[31mparis/opened-down", subscription="paris", incident="i2", created_at=at - SECOND),
        ])  # fmt: skip
        store.mark_tellings([
            Mark(one.id, "dead", at, "abandonné après 24 h"),
            Mark("i2/\x1b[31mparis/opened-down", "sent", at, "Remis (mailto://…).", None, "second"),
        ])  # fmt: skip
    return at


def wished(url: str, now: datetime) -> list[str]:
    with closing(open_desk_reader(url)) as desk:
        return [one.telling for one in desk.resends(now)]


def test_the_list_says_what_became_of_each(vigie: Vigie, now) -> None:
    code, out, err = vigie("tellings", "list")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    head, *lines = out.splitlines()
    assert head.split()[:3] == ["Message", "Réf.", "Abonnement"]
    assert [next(word for word in ("attente", "abandonné", "remis") if word in line) for line in lines] == [
        "attente",
        "abandonné",
        "remis",
    ]
    assert reference("i1/lille/opened-down") in lines[1]
    assert "seconde" in lines[2]


def test_the_list_for_machines_by_state(vigie: Vigie, now) -> None:
    [dead] = as_json(vigie("tellings", "list", "--state", "dead", "--format", "json"))
    assert (dead["id"], dead["subscription"], dead["state"]) == ("i1/lille/opened-down", "lille", "dead")
    assert (dead["attempts"], dead["outcome"], dead["next_try_at"]) == (1, "abandonné après 24 h", None)
    [sent] = as_json(vigie("tellings", "list", "--state", "sent", "--format", "json"))
    assert sent["destination"] == "second"
    assert len(as_json(vigie("tellings", "list", "--format", "json", "--limit", "2"))) == 2
    assert vigie("tellings", "list", "--state", "merged")[1] == "Aucun message réuni avec un autre.\n"
    assert vigie("tellings", "list", "--state", "lost")[0] == 2


async def test_what_was_given_up_is_wished_for_again(vigie: Vigie, now, database_url: str) -> None:
    code, out, err = vigie("tellings", "retry", "i1/lille/opened-down")
    assert (code, out, err) == (0, "Messages à envoyer de nouveau : 1.\n", "")
    assert wished(database_url, now) == ["i1/lille/opened-down"]
    with Wishes(database_url) as wishes:
        assert [one.telling for one in await wishes(now)] == ["i1/lille/opened-down"]
    assert vigie("tellings", "retry", "--all-dead")[1] == "Messages à envoyer de nouveau : 1.\n"


def test_every_fault_at_once_and_then_nothing_is_wished_for(vigie: Vigie, now, database_url: str) -> None:
    wrong = ("i1/lille/opened", "i1/lille/closed-down", "i1/lille/opened-down", "x" * 10_000)
    code, out, err = vigie("tellings", "retry", *wrong)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "Message n° 1 : inconnu. Peut-être i1/lille/opened-down ?",
        "Message n° 2 : il n’a pas été abandonné, il n’y a rien à renvoyer.",
        "Message n° 4 : inconnu. « vigie tellings list » les montre.",
    ]
    assert wished(database_url, now) == []


def test_names_or_all_of_them(vigie: Vigie, now) -> None:
    for words in ((), ("i1/lille/opened-down", "--all-dead")):
        code, _, err = vigie("tellings", "retry", *words)
        assert code == 2
        assert "l’un ou l’autre" in err
