"""The table of networks as people write it: read whole, or refused with every error at once."""

from pathlib import Path

import pytest

from monitor.config import network_table
from monitor.config.network_table import FAULTS_MOST, NetworksInvalid, load_networks, read_networks
from monitor.domain.networks import NOWHERE


def refused(text: str) -> list[str]:
    with pytest.raises(NetworksInvalid) as caught:
        read_networks(text, "reseaux.csv")
    return [problem.replace("\u00a0", " ") for problem in caught.value.problems]


def test_without_a_file_nothing_is_observed() -> None:
    assert load_networks(None) is NOWHERE


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_networks(tmp_path / "reseaux.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_both_families_in_one_table(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "reseaux.csv"
    rows = [
        ("Prefix", "Name"),
        ("192.0.2.0/24", "OVH"),
        (" 2001:db8::/32 ", " Renater "),
        ("", ""),
        ("198.51.100.7", "Seule"),
    ]
    path.write_text("\ufeff" + "\r\n".join(separator.join(row) for row in rows), encoding="utf-8")
    table = load_networks(path)
    assert [table.of(one) for one in ("192.0.2.9", "2001:db8::9", "198.51.100.7", "198.51.100.8")] == [
        "OVH", "Renater", "Seule", None,
    ]  # fmt: skip


def test_every_error_in_one_message() -> None:
    text = (
        "prefix,name\n192.0.2.0/24,OVH\n192.0.2.1/24,Slip\nun réseau,Nom\n192.0.2.0/24,Encore\n198.51.100.0/24,\n"
        '203.0.113.0/24,a\u202eb\n2001:db8::/32\n10.0.0.0/8,"Nom, avec virgule"\n2001:db8::/129,' + "x" * 65 + "\n"
    )
    assert refused(text) == [
        "ligne 3 — préfixe qui dépasse son masque : « 192.0.2.1/24 » → écrivez 192.0.2.0/24, ou corrigez la longueur",
        "ligne 4 — préfixe illisible : « un réseau » → une notation comme 192.0.2.0/24 ou 2001:db8::/32",
        "ligne 5 — préfixe déjà donné ligne 2 : « 192.0.2.0/24 » → gardez une seule ligne",
        "ligne 6 — nom vide, démesuré ou illisible → un nom de 64 caractères au plus, visibles",
        "ligne 7 — nom vide, démesuré ou illisible → un nom de 64 caractères au plus, visibles",
        "ligne 8 — 1 case(s) au lieu de 2 → mettez entre guillemets un nom qui contient le séparateur",
        "ligne 10 — préfixe illisible : « 2001:db8::/129 » → une notation comme 192.0.2.0/24 ou 2001:db8::/32",
        "ligne 10 — nom vide, démesuré ou illisible → un nom de 64 caractères au plus, visibles",
    ]
    with pytest.raises(NetworksInvalid, match=r"reseaux.csv\s: 8 erreurs"):
        read_networks(text, "reseaux.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ligne 1 — titres inattendus → première ligne attendue : prefix,name"),
        ("192.0.2.0/24,OVH\n", "ligne 1 — titres inattendus → première ligne attendue : prefix,name"),
        ("prefix,name\n\n", "fichier — aucun préfixe → un préfixe par ligne, sous la ligne « prefix,name »"),
        (
            "prefix,name\n" + "x" * 200_000,
            "fichier — ce n’est pas un CSV → enregistrez-le en CSV, un préfixe par ligne",
        ),
    ],
)
def test_what_is_no_table(text: str, said: str) -> None:
    assert refused(text) == [said]


def test_a_column_that_is_wrong_from_top_to_bottom_is_counted() -> None:
    problems = refused("prefix,name\n" + "x,y\n" * (FAULTS_MOST + 7))
    assert len(problems) == FAULTS_MOST + 1
    assert problems[-1] == "et 7 autres erreurs → elles se ressemblent sans doute"


def test_bytes_that_are_no_text_and_files_beyond_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reseaux.csv"
    path.write_bytes("prefix,name\n192.0.2.0/24,Académie\n".encode("cp1252"))
    with pytest.raises(NetworksInvalid, match="UTF-8"):
        load_networks(path)
    monkeypatch.setattr(network_table, "LARGEST", 10)
    with pytest.raises(NetworksInvalid, match="plus de 10 octets"):
        load_networks(path)
