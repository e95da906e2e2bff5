"""6 April 2021 played through the whole engine: what Vigie would have shown at nine o'clock."""

import json
import signal
from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config.schools import Schools
from monitor.desk.recipients import take
from monitor.domain.catalog import Role
from monitor.domain.reason import Reason
from monitor.domain.rollup import roll_up, survey
from monitor.heads import Heads, Terms
from monitor.play import Played, Stage, play
from monitor.rehearsal.account import account
from monitor.rehearsal.readers import by_role, in_words
from monitor.rehearsal.scenario import load_scenario
from monitor.reports import current
from monitor.settings import Settings
from monitor.store import StoreError, check, open_desk_reader, open_store
from tests.bench.heads import contacts, rectorats
from tests.prepared import prepared
from tests.stories.street import environment, run, until, vigie

HEADS = 330  # three a département
CATALOGUE = Path(__file__).parents[2] / "probes.yaml"
NOON = datetime(2021, 4, 6, 12, tzinfo=UTC)


def played(folder: Path, scenario: str, *between: tuple[time, time]) -> tuple[Played, str]:
    url = f"sqlite:///{folder}/played.db"
    prepared(url, "rehearsal", NOON, scenario)
    take(url, contacts(HEADS), NOON)
    config = load(CATALOGUE)
    with closing(open_store(url, kind="rehearsal")) as store, closing(open_desk_reader(url)) as desk:
        stage = Stage(
            config=replace(config, subscriptions=(*config.subscriptions, *rectorats())),
            sources=(Heads(desk, None, Terms(), Schools().scope_of),),
            scenario=load_scenario(scenario),
            store=store,
            settings=Settings(),
            wall=lambda: NOON,
            version="0.1.0",
            between=between,
        )
        return play(stage), url


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, str]:
    return played(tmp_path_factory.mktemp("nine"), "2021-04-06", (time(7, 50), time(9)))


def test_the_map_at_nine(nine: tuple[Played, str]) -> None:
    day, _ = nine
    healths = {name: verdict.health for name, verdict in day.country.services.items()}
    state = {one.code: one.health.value for one in roll_up(survey(day.catalog), healths)}
    assert [state[code] for code in ("A:paris", "A:creteil", "A:versailles", "A:lille", "A:amiens")] == ["waiting"] * 5
    assert [state[code] for code in ("A:reims", "A:nancy-metz", "A:strasbourg")] == ["down"] * 3
    assert [state[code] for code in ("A:bordeaux", "A:limoges", "A:poitiers")] == ["slow"] * 3
    assert [state[code] for code in ("A:aix-marseille", "A:nice")] == ["up"] * 2
    assert healths["cned-mcalm-college"] == "down"
    assert healths["ent-atrium"] == "up"


def test_nothing_missed_nothing_invented_and_soon_enough(nine: tuple[Played, str]) -> None:
    day, _ = nine
    found = account(day.scenario, day.windows, day.catalog, survey(day.catalog), day.incidents)
    assert found["missed"] == []
    assert found["false_incidents"] == []
    assert found["blind"] == []
    told = {one["culprit"]: one for one in found["incidents"]}  # type: ignore[attr-defined]
    # What fails together at one operator is a grouping: the hoster is not declared, and nothing explains the rest.
    assert set(told) == {
        "operator:edifice",
        "operator:kosmos",
        "service:cned-mcalm-college",
        "service:ent-laclasse",
        "service:ent-netocentre-lycees",
    }
    assert not any(one["explained"] for one in told.values())
    assert {"ent-monlycee-idf", "ent-hdf", "ent-eprimo"} <= set(told["operator:edifice"]["services"])
    assert "hoster" in told["operator:edifice"]["evidence"]["cause"]["undeclared"]
    assert {one["into"] for one in found["absorbed"]} <= {one["id"] for one in told.values()}  # type: ignore[attr-defined]
    assert max(one["detected_after_s"] for one in told.values()) <= 150


def test_the_books_of_a_rehearsal_are_marked_and_sound(nine: tuple[Played, str]) -> None:
    _, url = nine
    assert check(url) == ()
    shown = current.snapshot(url)
    assert shown is not None
    assert shown.data["rehearsal"] == "2021-04-06"
    assert "2021-04-06T07:00:00" <= shown.data["at"] < "2021-04-06T07:00:10"  # what was in flight may end


def test_everybody_is_told_once_and_marked(nine: tuple[Played, str]) -> None:
    day, _ = nine
    said = [(one.subscription, one.incident, one.reason) for one in day.tellings]
    assert len(said) == len(set(said)) > 0
    assert all(one.title.startswith("RÉPÉTITION") for one in day.tellings)
    catalogued = {one.subscription for one in day.tellings if not one.subscription.startswith(("rectorat-", "head:"))}
    assert catalogued == {"veille-nationale"}


def test_rectorats_and_heads_hear_of_what_is_theirs_and_within_their_cap(nine: tuple[Played, str]) -> None:
    day, _ = nine
    readers = {one.id: one for one in day.subscriptions}
    places = {one.id: (*one.territories, *(school.place for school in one.schools)) for one in day.subscriptions}
    said = Counter((one.subscription, one.incident, one.reason) for one in day.tellings)
    for name, incident, reason in said:
        if name.startswith(("rectorat-", "head:")):
            (place,) = places[name]
            hit = set(day.incidents[incident].territories) - {"N"}
            above = {up for code in hit for up in day.catalog.ancestors(code)}
            assert hit & {place, *day.catalog.ancestors(place)} or place in above, (name, hit)
        if readers[name].role is Role.HEAD:
            assert reason in {Reason.OPENED, Reason.EASED, Reason.RELAPSED, Reason.CLOSED}
    assert set(said.values()) == {1}
    summed = {one["role"]: one for one in by_role(day.tellings, day.subscriptions)}
    assert (summed["rectorat"]["subscriptions"], summed["head"]["subscriptions"]) == (31, HEADS)
    assert 10 < summed["rectorat"]["told"] < 31
    assert HEADS / 4 < summed["head"]["told"] < HEADS
    assert summed["head"]["reasons"]["opened"] >= summed["head"]["told"]
    assert summed["operator"]["told"] == 0
    told_places = {code for one in day.tellings for code in places[one.subscription]}
    assert {"A:lille", "D:59"} <= told_places
    assert not {"A:aix-marseille", "A:nice", "A:la-reunion", "C:988"} & told_places
    said_in_words = list(in_words(summed.values()))
    assert said_in_words[1].startswith(f"chefs d’établissement : {HEADS} inscrits, {summed['head']['told']} prévenus")


def test_our_own_line_cut_in_the_middle_of_a_day_accuses_nobody(tmp_path: Path) -> None:
    scenario = tmp_path / "coupure.csv"
    scenario.write_text(
        "date,start_local,end_local,service_id,failure_mode\n2021-04-06,07:40,07:50,*,down\n", encoding="utf-8"
    )
    day, _ = played(tmp_path, str(scenario), (time(7, 35), time(8)))
    found = account(day.scenario, day.windows, day.catalog, survey(day.catalog), day.incidents)
    assert found["incidents"] == []
    (blind,) = found["blind"]  # type: ignore[misc]
    assert blind["from"] <= "2021-04-06T05:40:10"
    assert "2021-04-06T05:50" <= blind["until"] <= "2021-04-06T05:51"
    assert {one.subscription for one in day.tellings} == {"exploitant"}
    assert {one.health.value for one in day.country.services.values()} == {"up"}


def begun(url: str) -> bool:
    """Whether something was judged; books that are being made are no books yet."""
    with suppress(StoreError):
        return current.snapshot(url) is not None
    return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_in_the_middle_it_closes_its_books(tmp_path: Path, sign: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    with vigie("rehearse", "2021-04-06", env=environment(CATALOGUE, url), cwd=tmp_path) as playing:
        until(lambda: begun(url))
        playing.send_signal(sign)
        _, errors = playing.communicate(timeout=60)
    assert playing.returncode == 130
    assert "Traceback" not in errors
    assert "Interrompu" in errors
    assert check(url) == ()


def test_the_command_prints_what_the_interfaces_promise(tmp_path: Path) -> None:
    env = environment(CATALOGUE, f"sqlite:///{tmp_path}/own.db")
    (tmp_path / "liste.csv").write_text("uai,name,email,phone\n0590001F,Collège A,a@b.fr,\n", encoding="utf-8")
    words = ("rehearse", "2021-04-06", "--between", "07:58-08:04", "--recipients", "liste.csv", "--format", "json")
    ended = run(*words, env=env, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert set(said) == {
        "scenario", "speed", "observations", "blind", "incidents", "absorbed", "notices", "readers", "false_incidents",
        "missed",
    }  # fmt: skip
    assert {one["role"]: one["subscriptions"] for one in said["readers"]}["head"] == 1
    assert set(said["incidents"][0]) == {
        "id", "culprit", "explained", "opened_at", "confirmed_at", "closed_at", "worst", "services", "territories",
        "share_affected", "detected_after_s", "evidence",
    }  # fmt: skip
