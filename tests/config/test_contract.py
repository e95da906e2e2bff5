"""A contract file: the example is sound, and whatever contradicts itself is refused, every fault at once."""

from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import CatalogInvalid, default_path, load
from monitor.config.contract import load_contract
from monitor.domain.catalog import Catalog
from monitor.domain.contract import Contract, Exclusions, OwnHours, Slot, Target
from monitor.domain.uptime import Hours

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
SOUND = """\
contract: 1
title: Marché
parties: {buyer: Région, vendor: Éditeur}
territory: "A:lille"
targets: [{hours: all, availability: 99}]
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(default_path()).catalog


@pytest.fixture
def read(tmp_path: Path, catalog: Catalog):
    def written(text: str | bytes) -> Contract:
        path = tmp_path / "contrat.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_contract(path, catalog).contract

    return written


@pytest.fixture
def refused(read):
    def said(text: str | bytes) -> str:
        with pytest.raises(CatalogInvalid) as refusal:
            read(text)
        return str(refusal.value).replace("\u00a0", " ").replace("\u202f", " ")

    return said


def test_the_example_is_sound(catalog: Catalog) -> None:
    found = load_contract(ROOT / "docs" / "contract.example.yaml", catalog)
    assert len(found.sha256) == 64
    assert found.contract.services == ("ent-hdf",)
    whole, school, own = found.contract.targets
    assert (whole, school) == (Target(Hours.ALL, Fraction(99, 100)), Target(Hours.SCHOOL, Fraction(995, 1000)))
    week, saturday = Slot(frozenset(range(5)), 7 * HOUR, 19 * HOUR), Slot(frozenset({5}), 8 * HOUR, 12 * HOUR)
    assert own == Target(OwnHours((week, saturday), holidays=False), Fraction(997, 1000))
    assert found.contract.exclusions == Exclusions(8 * HOUR, timedelta(days=5), timedelta(minutes=5), Fraction(9, 10))


def test_what_is_left_unsaid(read) -> None:
    found = read(SOUND)
    assert (found.territory, found.services) == ("A:lille", ())
    assert found.exclusions == Exclusions(None, timedelta(), timedelta(), Fraction(9, 10))


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("99", "0.99"),
        ("99.95", "0.9995"),
        ('"99,5 %"', "0.995"),
        ('"99.5"', "0.995"),
        ("100", "1"),
        ("99.999", "0.99999"),
    ],
)
def test_a_percentage_is_taken_exactly(read, written: str, share: str) -> None:
    assert read(SOUND.replace("availability: 99", f"availability: {written}")).targets[0].share == Fraction(share)


@pytest.mark.parametrize(
    ("hours", "slots"),
    [
        ("lun-ven 07:00-19:00", [({0, 1, 2, 3, 4}, 7, 19)]),
        ("Sam, dim 8:00 - 12:30", [({5, 6}, 8, 12.5)]),
        ("lun,mer-jeu 00:00-24:00", [({0, 2, 3}, 0, 24)]),
    ],
)
def test_hours_of_the_week(read, hours: str, slots) -> None:
    [target] = read(SOUND.replace("hours: all", f'hours: "{hours}"')).targets
    assert target.hours == OwnHours(tuple(Slot(frozenset(days), a * HOUR, b * HOUR) for days, a, b in slots))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("territory:", 'services: [ent-hdf]\nterritory:'), "« territory » et « services » à la fois"),
        (('territory: "A:lille"\n', ""), "contrat qui ne porte sur rien"),
        (("A:lille", "A:lile"), "territoire inconnu : « A:lile » → vouliez-vous écrire « A:lille »"),
        (("A:lille", "U:0590001F"), "un établissement n’a pas de services à lui"),
        (('territory: "A:lille"', "services: [ent-hd]"), "services[0] — service inconnu : « ent-hd »"),
        (("title: Marché\n", ""), "clé obligatoire absente : « title »"),
        (("parties: {buyer: Région, vendor: Éditeur}\n", ""), "clé obligatoire absente : « parties »"),
        ((", vendor: Éditeur", ""), "parties.vendor — clé obligatoire absente"),
        (("contract: 1", "contract: 2"), "contract — valeur inconnue"),
        (("targets: [{hours: all, availability: 99}]", "targets: []"), "contrat sans objectif"),
        (("availability: 99", "availability: 101"), "pourcentage au-dessus de 100 : « 101 »"),
        (("availability: 99", "availability: -1"), "pourcentage au-dessous de 0"),
        (("availability: 99", "availability: 0"), "objectif de 0 % : il serait toujours atteint"),
        (("availability: 99", "availability: beaucoup"), "un pourcentage est attendu"),
        (("availability: 99", "availability: true"), "un pourcentage est attendu"),
        (("availability: 99", "availability: .nan"), "un pourcentage est attendu"),
        (("hours: all", "hours: toujours"), "heures illisibles : « toujours »"),
        (("hours: all", "hours: 7"), "heures illisibles : « 7 »"),
        (("hours: all", "hours: []"), "targets[0].hours — valeur vide"),
        (("hours: all", 'hours: "lun 19:00-07:00"'), "heures à l’envers"),
        (("hours: all", 'hours: "lun 07:00-07:00"'), "heures vides"),
        (("hours: all", 'hours: "ven-lun 07:00-19:00"'), "jours à l’envers : « ven-lun »"),
        (("hours: all", 'hours: "lundi 07:00-19:00"'), "jour inconnu : « lundi »"),
        (("hours: all", 'hours: "lun 07:00-25:00"'), "heure impossible : « 25:00 »"),
        (("hours: all", 'hours: "lun 07:00-12:75"'), "heure impossible : « 12:75 »"),
        (("hours: all", 'hours: ["lun-ven 07:00-19:00", "mer 18:00-20:00"]'), "heures qui se recouvrent le mer"),
        (("hours: all", 'hours: [all, "lun 07:00-19:00"]'), "« all » à côté d’autres heures"),
        (("hours: all", "hours: school, public_holidays: true"), "« public_holidays » avec « school »"),
        (("99}]", "99}, {hours: all, availability: 98}]"), "deux objectifs pour les mêmes heures (déjà targets[0])"),
        (("99}]", "99}]\nexclusions: {shortest_outage: 24h}"), "aucune panne ne compterait"),
        (("99}]", "99}]\nexclusions: {coverage_at_least: 101}"), "pourcentage au-dessus de 100"),
        (("99}]", "99}]\nexclusions: {declared_maintenance: {hours_per_month: 672}}"), "excluent tout"),
        (("99}]", "99}]\nexclusions: {declared_maintenance: {hours_per_month: -1}}"), "un nombre d’heures est attendu"),
        (("99}]", "99}]\nexclusions: {declared_maintenance: {notice_days: 400}}"), "nombre trop grand : « 400 »"),
        (("99}]", "99}]\npenalties: {}"), "clé inconnue : « penalties »"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_with_its_line(refused, change: tuple[str, str], said: str) -> None:
    message = refused(SOUND.replace(*change))
    assert said in message
    assert "ligne " in message
    assert message.count("→") == 1


def test_hours_that_touch_do_not_overlap(read) -> None:
    [target] = read(SOUND.replace("hours: all", 'hours: ["lun 07:00-12:00", "lun 12:00-19:00"]')).targets
    assert isinstance(target.hours, OwnHours)


def test_a_version_that_is_missing_hides_no_promise(refused) -> None:
    text = refused("titel: x\nservices: [tout-autre-chose]\ntargets: [{hours: all, availability: 101}]\n")
    for said in ("clé obligatoire absente : « contract »", "titel", "pourcentage au-dessus de 100 : « 101 »",
                 "un service du catalogue"):  # fmt: skip
        assert said in text


def test_every_fault_at_once(refused) -> None:
    message = refused(
        """\
contract: 1
territory: "A:lile"
targets:
  - {hours: "lun 19:00-07:00", availability: 101}
  - {hours: school, availability: 99}
exclusions: {declared_maintenance: {hours_per_month: 200}, foo: 1}
"""
    )
    for words in ("7 erreurs", "title", "parties", "A:lile", "101", "à l’envers", "moins de 190 heures", "foo"):
        assert words in message
    assert [line.split()[1] for line in message.splitlines()[1:]] == ["1", "1", "2", "4", "4", "6", "6"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"", "partez de docs/contract.example.yaml"), (b"\xff\xfe", "UTF-8"), (b"{", "YAML illisible"), (b"- a", "bloc")],
)
def test_what_is_no_contract(refused, raw: bytes, said: str) -> None:
    assert said in refused(raw)


def test_a_file_that_is_not_there(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(CatalogInvalid, match="--contract"):
        load_contract(tmp_path / "absent.yaml", catalog)


WORDS = st.sampled_from(["all", "school", "lun-ven 07:00-19:00", "mer", "7", "", "lun 24:00-24:00", "dim 00:00-24:00"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(WORDS | st.integers() | st.none(), max_size=4), st.text(max_size=8) | st.floats(), st.text(max_size=20))
def test_whatever_is_written_is_read_or_refused(read, hours, share, extra: str) -> None:
    text = f"contract: 1\ntitle: a\nparties: {{buyer: a, vendor: b}}\nservices: [ent-hdf]\n{extra}\n"
    text += f"targets: [{{hours: {hours!r}, availability: {share!r}}}]\n"
    with suppress(CatalogInvalid):
        assert all(0 < one.share <= 1 for one in read(text.encode("utf-8", "replace")).targets)
