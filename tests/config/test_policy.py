"""Another policy to judge by: a small file, checked as the catalogue is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import CatalogInvalid, Config
from monitor.config.policy import OtherPolicy, load_policy
from monitor.domain.policy import Policy
from tests.config.written import ent

SECOND = timedelta(seconds=1)


@pytest.fixture
def read(loaded: Callable[..., Config], tmp_path: Path) -> Callable[[str], OtherPolicy]:
    def make(text: str) -> OtherPolicy:
        path = tmp_path / "politique.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policy(path, loaded(ent("")).catalog)

    return make


@pytest.fixture
def refused(read: Callable[[str], OtherPolicy]) -> Callable[[str], str]:
    def make(text: str) -> str:
        with pytest.raises(CatalogInvalid) as caught:
            read(text)
        return str(caught.value).replace("\u00a0", " ").replace("\u202f", " ")

    return make


def test_what_is_given_wins_and_the_rest_stays(read, loaded) -> None:
    policy = read("fail_after: 2\nfail_for: 30s\nslow: 2s\n")
    before = loaded(ent("")).catalog
    after = policy.applied(before)
    for service in after.services.values():
        for probe in service.probes:
            assert (probe.policy.fail_after, probe.policy.fail_for) == (2, 30 * SECOND)
            assert (probe.policy.slow, probe.policy.recover_after) == (2 * SECOND, 3)
    assert after.canaries == before.canaries


def test_whoever_gives_every_sets_the_fastest_pace() -> None:
    before = Policy(every_opening=30 * SECOND, every_outside=300 * SECOND)
    after = OtherPolicy({"every": 600 * SECOND}).over(before)
    assert (after.every, after.every_opening, after.every_outside) == (600 * SECOND, None, 600 * SECOND)
    assert OtherPolicy({}).over(before) == before


def test_every_error_at_once_with_its_line_and_its_mend(refused) -> None:
    said = refused("fail_afer: 2\nfail_for: 30\nslow: 2s\nrecover_after: 0\n")
    assert "3 erreurs" in said
    assert "ligne 1 · fail_afer — clé inconnue : « fail_afer » → vouliez-vous écrire « fail_after » ?" in said
    assert "ligne 2 · fail_for" in said
    assert "ligne 4 · recover_after — nombre trop petit : « 0 » → au moins 1" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "écrivez au moins une clé, par exemple « fail_after: 2 »"),
        ("- fail_after\n", "un bloc de clés est attendu"),
        ("fail_after: [\n", "YAML illisible"),
        ("fail_after: 2\nfail_after: 3\n", "écrite deux fois"),
        ("fail_after: 40\n", "confirmation impossible à temps"),
        ("slow: 20s\n", "rien ne serait lent"),
        ("timeout: 90s\n", "n’est pas plus court que « every »"),
    ],
)
def test_what_cannot_be_kept_or_read_is_refused(refused, text: str, said: str) -> None:
    assert said in refused(text)


def test_a_file_that_is_not_there_names_the_option(loaded, tmp_path: Path) -> None:
    with pytest.raises(CatalogInvalid, match="--policy"):
        load_policy(tmp_path / "absent.yaml", loaded(ent("")).catalog)
