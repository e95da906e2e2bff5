"""What a declared silence covers, how long it holds, and who works on an incident."""

from dataclasses import replace

import pytest

from monitor.domain.incident import Incident
from monitor.domain.observation import Health
from monitor.domain.reason import Reason
from monitor.domain.silence import Acknowledgement, DeclaredSilence, Silenced, covers, taken_by
from tests.domain.small import at, catalog, service, small_france

FRANCE = small_france()
ALONE = Incident("i", "service:a", at(0), at(60), Health.DOWN, Health.DOWN, ("a",), ("D:01",))
GROUP = replace(ALONE, culprit="operator:edifice", services=("a", "b", "c"), territories=("D:01", "D:69", "R:84"))
WIDER = replace(GROUP, culprit="hoster:h", services=("a", "d"), territories=("D:01", "N"))
OURS = replace(ALONE, culprit="vantage:local", services=(), territories=())


def silence(what: Silenced, name: str = "", **more: object) -> DeclaredSilence:
    given: dict[str, object] = {"since": at(0), "until": at(3600), "reason": "r", "author": "x", "declared_at": at(0)}
    return DeclaredSilence("s", what, name, **{**given, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "name", "covered"),
    [
        (Silenced.SERVICE, "a", {"alone"}),
        (Silenced.SERVICE, "b", set()),
        (Silenced.OPERATOR, "edifice", {"alone", "group"}),  # d, which is in the wider one, is somebody else's
        (Silenced.TERRITORY, "D:01", {"alone"}),
        (Silenced.TERRITORY, "R:84", {"alone", "group"}),
        (Silenced.TERRITORY, "N", {"alone", "group", "wider"}),
        (Silenced.INCIDENT, "i", {"alone", "group", "wider", "ours"}),
        (Silenced.INCIDENT, "j", set()),
        (Silenced.EVERYTHING, "", {"alone", "group", "wider"}),
    ],
)
def test_a_silence_covers_what_lies_within_it_wholly(what: Silenced, name: str, covered: set[str]) -> None:
    incidents = {"alone": ALONE, "group": GROUP, "wider": WIDER, "ours": OURS}
    assert {key for key, one in incidents.items() if covers(silence(what, name), one, FRANCE)} == covered


def test_a_silence_of_a_culprit_covers_whoever_depends_on_it() -> None:
    login = replace(ALONE, services=("a", "b", "d"))
    assert covers(silence(Silenced.SERVICE, "a"), login, FRANCE)
    assert covers(silence(Silenced.OPERATOR, "edifice"), replace(GROUP, services=("a", "d")), FRANCE)


def test_our_own_line_is_silenced_for_one_reader_at_a_time() -> None:
    assert covers(silence(Silenced.EVERYTHING, subscription="us"), OURS, FRANCE)
    assert not covers(silence(Silenced.TERRITORY, "N"), OURS, FRANCE)


def test_of_a_service_that_left_the_catalogue_its_id_is_known() -> None:
    shrunk = catalog(service("b"))
    gone = replace(ALONE, culprit="hoster:h", services=("a", "b"))
    assert not covers(silence(Silenced.OPERATOR, "edifice"), gone, shrunk)
    assert not covers(silence(Silenced.SERVICE, "a"), gone, shrunk)
    assert covers(silence(Silenced.SERVICE, "a"), replace(gone, services=("a",)), shrunk)


def test_it_holds_from_its_beginning_to_its_end_or_until_it_is_called_off() -> None:
    one = silence(Silenced.EVERYTHING)
    assert [one.in_force(at(seconds)) for seconds in (-1, 0, 3599, 3600)] == [False, True, True, False]
    ended = replace(one, ended_at=at(60))
    assert [ended.in_force(at(seconds)) for seconds in (59, 60)] == [True, False]
    assert replace(one, ended_at=at(9999)).ends_at == at(3600)


def test_the_last_to_say_so_works_on_it_until_it_relapses_or_they_withdraw() -> None:
    first = Acknowledgement("1", "i", "Paul", "", at(100))
    second = replace(first, id="2", author="Zoé", at=at(200))
    other = replace(second, id="3", incident="j", at=at(300))
    assert taken_by([second, first, other], ALONE) == second
    assert taken_by([first, replace(second, withdrawn_at=at(250))], ALONE) == first
    assert taken_by([], ALONE) is None
    relapsed = ALONE.turned(at(50), Reason.OPENED).turned(at(150), Reason.RELAPSED)
    assert taken_by([first], relapsed) is None
    assert taken_by([first, second], relapsed) == second
    assert taken_by([replace(first, at=at(150))], relapsed) is not None
