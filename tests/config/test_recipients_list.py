"""A list of contacts as spreadsheets write it: read whole, or refused with every error at its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.problem import FileInvalid
from monitor.config.recipients_list import FAULTS_MOST, LARGEST_FILE, ContactList, read_contacts
from monitor.domain.recipient import Contact, email_of

HEAD = "uai,name,email,phone\n"
GOOD = "0590001F,Collège A,ce.0590001f@ac-lille.fr,03 20 00 00 00\n"
ONE = Contact("0590001F", "Collège A", "ce.0590001f@ac-lille.fr", "0320000000")


@pytest.fixture
def read(tmp_path):
    def reading(content: str | bytes) -> ContactList:
        path = tmp_path / "liste.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_contacts(path)

    return reading


@pytest.fixture
def refused(read):
    """The errors of a file, with plain spaces."""

    def reading(content: str | bytes) -> list[str]:
        with pytest.raises(FileInvalid) as caught:
            read(content)
        return [one.replace("\u00a0", " ").replace("\u202f", " ") for one in caught.value.problems]

    return reading


@pytest.mark.parametrize(
    "content",
    [
        HEAD + GOOD,
        ("\ufeff" + HEAD + GOOD).replace("\n", "\r\n"),
        (HEAD + GOOD).replace(",", ";").encode("cp1252"),
        (HEAD + GOOD).replace(",", "\t"),
        '"PHONE",Email ,NAME,uai\n\n03.20.00.00.00, CE.0590001F@ac-lille.fr ,Collège A,"0590001f"\n',
        HEAD + "0590001f,Colle\u0300ge\u00a0 A,ce.0590001f@ac-lille.fr,0320000000",
    ],
    ids=["plain", "excel", "windows", "tabs", "order", "typography"],
)
def test_what_spreadsheets_write_is_read(read, content) -> None:
    assert read(content) == ContactList((ONE,), ())


def test_language_is_optional_and_other_columns_are_named(read) -> None:
    found = read(f"uai,name,email,phone,language,Ville\n{GOOD.strip()},EN,Lille\n0590001F,B,b@b.fr,,,\n")
    assert found.ignored == ("ville",)
    assert [(one.phone, one.language) for one in found.contacts] == [("0320000000", "en"), (None, None)]


def test_one_address_may_serve_several_schools(read) -> None:
    assert len(read(HEAD + GOOD + GOOD.replace("0590001F", "0590002G")).contacts) == 2


def test_every_error_at_once_by_line(refused) -> None:
    lines = [
        "0590001G,A,a@b.fr,",
        "1230001X,A,a@b.fr,",
        "abc,,,12",
        "0590001F,A,a@b.fr,",
        "0590001f,B,A@B.fr,",
        '0590001F,"A\r\nBcc: x@y.fr",c@b.fr,',
        '0590001F,A,"d@b.fr\r\nBcc: x@y.fr",',
        "0590001F,A\u202eB,e@b.fr,",
        "0590001F,A\x1bB,f@b.fr,",
        "0590001F,=HYPERLINK(1),g@b.fr,",
        f"0590001F,{'A' * 201},h@b.fr,",
        "0590001F,A,i@b.fr",
        "0590001F,A,j@b.fr,,x",
    ]
    found = refused(HEAD + "\n".join(lines))
    assert [one.partition(" → ")[0] for one in found] == [
        "ligne 2 · uai — lettre de contrôle fausse dans le code UAI « 0590001G »",
        "ligne 3 · uai — aucun département ne donne le préfixe « 123 » à ses établissements",
        "ligne 4 · uai — code UAI mal formé",
        "ligne 4 · name — nom absent",
        "ligne 4 · email — adresse absente",
        "ligne 4 · phone — numéro invalide",
        "ligne 6 · email — adresse déjà donnée à cet établissement, ligne 5",
        "ligne 7 · name — nom avec un saut de ligne",
        "ligne 9 · email — adresse invalide",
        "ligne 11 · name — nom avec un caractère invisible U+202E",
        "ligne 12 · name — nom avec un caractère invisible U+001B",
        "ligne 13 · name — nom qu’un tableur prendrait pour une formule",
        "ligne 14 · name — nom de 201 caractères",
        "ligne 15 — 3 cases au lieu de 4",
        "ligne 16 — 5 cases au lieu de 4",
    ]
    assert "@b.fr" not in "".join(found)
    assert found[0].endswith("→ écrivez « 0590001F » ou vérifiez les chiffres")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "colonne absente"),
        (HEAD, "liste sans contact"),
        (HEAD + ",,,\n\n", "liste sans contact"),
        ("uai,name,email,phone,email\n" + GOOD, "ligne 1 · email — colonne écrite deux fois"),
        ("uai,name,mail,phone\n" + GOOD, "ligne 1 · email — colonne absente"),
        ((HEAD + GOOD).encode("utf-16"), "ce n’est pas du texte UTF-8"),
        (b"PK\x03\x04\0\0", "ni classeur Excel"),
        (HEAD.encode() + b"\x81\x8d", "illisible"),
        (HEAD + '0590001F,"A,a@b.fr,\n' + GOOD, "ligne 2 — guillemets mal placés"),
        (HEAD + f"0590001F,{'A' * 200_000},a@b.fr,", "ligne 2 — guillemets mal placés ou jamais fermés, ou case démesurée"),
        (HEAD.encode() + b"x" * LARGEST_FILE, "plus de 20 Mo"),
        (f"uai,name,email,phone,language\n{GOOD.strip()},de", "ligne 2 · language — langue inconnue : « de »"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list(refused, content, said: str) -> None:
    assert said in refused(content)[0]


def test_a_file_that_is_not_there(tmp_path) -> None:
    for path, said in ((tmp_path / "absent.csv", "fichier ou dossier absent"), (tmp_path, "c’est un dossier")):
        with pytest.raises(FileInvalid, match=said):
            read_contacts(path)


def test_thousands_of_errors_are_counted(refused) -> None:
    found = refused(HEAD + "0590001F,A,a,\n" * (FAULTS_MOST + 5))
    assert len(found) == FAULTS_MOST + 1
    assert "et 5 autres erreurs" in found[-1]


@given(st.lists(st.text(), min_size=4, max_size=4), st.binary())
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(tmp_path_factory, cells: list[str], raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "liste.csv"
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    for content in (HEAD.encode() + line.encode("utf-8", "replace"), HEAD.encode() + raw, raw):
        path.write_bytes(content)
        try:
            found = read_contacts(path).contacts
        except FileInvalid as trouble:
            assert trouble.problems  # noqa: PT017 - either outcome is right
        else:
            assert all(one.name.isprintable() and email_of(one.email) == one.email for one in found)
