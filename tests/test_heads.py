"""What a head is told, and by which gateways; and who is told nothing."""

from collections.abc import Hashable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import whom
from monitor.config import load
from monitor.config.directory_table import Imported, load_schools, save_directory
from monitor.config.schools import Schools
from monitor.desk.recipients import take
from monitor.domain.catalog import Audience as For
from monitor.domain.catalog import Role
from monitor.domain.directory import Directory, Listed
from monitor.domain.notice import Subscription
from monitor.domain.observation import Health
from monitor.domain.recipient import Contact, Recipient
from monitor.domain.scope import SchoolScope
from monitor.heads import Gateways, Heads, Terms
from monitor.readership import Declared, Reader, Readership
from monitor.settings import Settings
from monitor.store import open_desk_reader
from tests.commands.declaring import CATALOGUE
from tests.prepared import prepared
from tests.stories.village import Inline

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
HEAD = Recipient("r1", "0590001F", "Collège A", "ce.0590001f@ac-lille.fr", "+33320000000", "en", NOW, NOW)
MAIL = "mailtos://user:secret@smtp.example.org"


@dataclass
class Register:
    """A source that says what it is told to say."""

    readers_: list[Reader]
    name: str = "registre"
    marked: int = 0
    read: int = field(default=0)

    def mark(self) -> Hashable:
        return self.marked

    def readers(self) -> Iterator[Reader]:
        self.read += 1
        return iter(self.readers_)


def reader(name: str, second: str | None = None) -> Reader:
    return Reader(Subscription(name, ""), f"json://{name}/", second)


async def test_a_source_is_read_when_its_mark_changes_and_not_before() -> None:
    register = Register([reader("a"), reader("b", "sms://b/")])
    readership = Readership([Declared((Subscription("c", "VIGIE_C"),), {"c": "json://c/"}), register], Inline())
    addresses, seconds = readership.addresses, readership.seconds
    assert await readership.refresh()
    assert [one.id for one in readership.subscriptions] == ["c", "a", "b"]
    assert dict(addresses) == {"c": "json://c/", "a": "json://a/", "b": "json://b/"}
    assert dict(seconds) == {"b": "sms://b/"}
    assert not await readership.refresh()
    register.readers_.pop()
    assert not await readership.refresh()
    register.marked = 1
    assert await readership.refresh()
    assert len(addresses) == 2
    assert register.read == 2
    assert "b" not in addresses


async def test_of_two_sources_that_claim_one_id_the_first_wins() -> None:
    other = Reader(Subscription("a", "", role=Role.HEAD), "json://thief/")
    readership = Readership([Register([reader("a")]), Register([other])], Inline())
    await readership.refresh()
    assert dict(readership.addresses) == {"a": "json://a/"}
    assert [one.role for one in readership.subscriptions] == [Role.RECTORAT]


def test_addresses_stand_in_no_text_of_ours() -> None:
    said = f"{reader('a', 'sms://b/')} {Gateways(MAIL, 'json://x/{phone}')}"
    assert "json" not in said
    assert "secret" not in said


def test_a_head_is_told_what_stops_work_at_their_school() -> None:
    one = Terms().subscription(HEAD, (SchoolScope("0590001F", "D:59"),))
    assert (one.id, one.role, one.language) == ("head:r1", Role.HEAD, "en")
    assert (one.from_health, one.settle, one.national) == (Health.RESTRICTED, timedelta(minutes=5), False)
    settings = Settings(heads_from="down", heads_settle_s=60, heads_national=True)
    changed = whom.terms(settings).subscription(HEAD, (SchoolScope("0590001F", "D:59"),))
    assert (changed.from_health, changed.settle, changed.national) == (Health.DOWN, timedelta(minutes=1), True)


def test_mail_first_and_a_text_message_where_there_is_a_number() -> None:
    both = Gateways(MAIL, "jsons://sms.example.org/?to={phone}")
    assert both.by_mail(HEAD) == f"{MAIL}/?to=ce.0590001f%40ac-lille.fr"
    assert both.by_phone(HEAD) == "jsons://sms.example.org/?to=%2B33320000000"
    assert Gateways(MAIL).by_phone(HEAD) is None
    silent = Recipient("r2", "0590001F", "B", "b@b.fr", None, "fr", NOW, NOW)
    assert both.by_phone(silent) is None
    assert whom.to_check(both) == {
        "VIGIE_MAIL_URL": MAIL,
        "VIGIE_SMS_URL": "jsons://sms.example.org/?to=0600000000",
    }
    assert whom.to_check(None) == {}


@pytest.mark.parametrize(
    ("mail", "sms", "said"),
    [("json://x/", None, "mailto"), (MAIL, "json://x/", "écrivez {phone}")],
)
def test_gateways_that_can_reach_nobody_are_refused_at_the_start(mail: str, sms: str | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        whom.gateways({"VIGIE_MAIL_URL": mail, "VIGIE_SMS_URL": sms}.get)


def test_who_has_contacts_and_no_mail_server_is_told_so(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/vigie.db")
    assert whom.gateways({}.get) is None
    assert whom.remarks(settings, None) == []  # no book yet
    prepared(settings.database_url, "real", NOW)
    assert whom.remarks(settings, None) == []
    take(settings.database_url, [Contact("0590001F", "A", "a@b.fr")], NOW)
    (said,) = whom.remarks(settings, None)
    assert "aucun contact officiel d’établissement n’est prévenu (au registre : 1)" in said.replace("\u00a0", " ")
    assert whom.remarks(settings, Gateways(MAIL)) == []


async def test_the_directory_says_where_a_school_is_and_whom_it_has(tmp_path: Path) -> None:
    schools = [
        Listed("0590001F", "A", "Lille", "D:59", For.COLLEGE, private=False, pupils=None),
        Listed("0590002G", "B", "Arras", "D:62", For.LYCEE, private=True, pupils=100),
    ]
    save_directory(tmp_path / "directory.csv", Imported(NOW, None, Directory(schools)))
    known = load_schools(tmp_path / "directory.csv")
    assert known.scope_of("0590001F") == SchoolScope("0590001F", "D:59", (For.COLLEGE, For.PERSONNELS))
    assert known.scope_of("0590002G") == SchoolScope("0590002G", "D:62", (For.LYCEE, For.PERSONNELS, For.PRIVE))
    assert known.scope_of("0620001A") == SchoolScope("0620001A", "D:62")  # by its number alone
    assert load_schools(tmp_path / "absent.csv") == Schools()
    (tmp_path / "probes.yaml").write_text(
        CATALOGUE + "subscriptions:\n  - {id: s, to_env: VIGIE_S, schools: [0590002G]}\n", encoding="utf-8"
    )
    prepared(url := f"sqlite:///{tmp_path}/vigie.db", "real", NOW)
    take(url, [Contact("0590001F", "A", "a@b.fr")], NOW)
    settings = Settings(database_url=url, directory=tmp_path / "directory.csv")
    config = load(tmp_path / "probes.yaml")
    with closing(open_desk_reader(url)) as desk:
        addresses = {"s": "json://s/"}
        more = {"seconds": {}, "desk": desk, "public": None, "work": Inline()}
        readership = whom.readership(settings, config, addresses, Gateways(MAIL), **more)
        await readership.refresh()
        assert [one.schools[0].audiences[0] for one in readership.subscriptions] == [For.LYCEE, For.COLLEGE]
        alone = whom.readership(settings, config, addresses, None, **more)
        await alone.refresh()
        assert [one.id for one in alone.subscriptions] == ["s"]


def test_one_mailbox_of_two_schools_is_one_head_and_an_odd_code_hides_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prepared(url := f"sqlite:///{tmp_path}/vigie.db", "real", NOW)
    take(url, [Contact("0590001F", "Collège", "cite@b.fr"), Contact("9990001X", "Nulle part", "x@b.fr")], NOW)
    take(url, [Contact("0590002G", "Lycée", "cite@b.fr", "0320000000", "en")], NOW + timedelta(days=1))
    with closing(open_desk_reader(url)) as desk:
        first = next(one for one in desk.recipients() if one.uai == "0590001F")
        found = list(Heads(desk, Gateways(MAIL, "json://sms/{phone}"), Terms(), Schools().scope_of).readers())
        both = next(one for one in found if one.subscription.id == f"head:{first.id}")
    assert len(found) == 2
    assert [school.uai for school in both.subscription.schools] == ["0590001F", "0590002G"]
    assert (both.subscription.language, both.second) == ("fr", "json://sms/0320000000")
    assert "code UAI inconnu" in caplog.text
    assert "b.fr" not in caplog.text
