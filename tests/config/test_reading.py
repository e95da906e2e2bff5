"""Files that cannot be read at all, or that YAML alone would let pass."""

from pathlib import Path

import pytest

from monitor.config import CatalogInvalid, default_path, load


def refused(path: Path, raw: bytes | str) -> CatalogInvalid:
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(CatalogInvalid) as caught:
        load(path)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("vigie: 1\nservices: [\n", 3, "mal fermé"),
        ("vigie: 1\n\tservices: []\n", 2, "tabulation"),
        ("vigie: 1\nservices:\n\t- a\n", 3, "tabulation"),
        ("vigie: 1\nservices:\n  - id: x\n   name: y\n", 4, "alignée"),
        ('vigie: 1\nname: "\\d"\n', 2, "barre oblique"),
        ("vigie: 1\nname: a: b\n", 2, "inattendu"),
        ("vigie: 1\nname: 'a\nb: 2\n", 4, "(commencé ligne 2)"),
        ("vigie: 1}\nb: {\n", 3, "mal fermé"),
        ("vigie: 1\nname: 'a\n", 3, "jamais fermé"),
        ("vigie: 1\n---\nvigie: 1\n", 2, "plusieurs documents"),
        ("vigie: 1\nname: *a\n", 2, "alias"),
    ],
)
def test_broken_yaml_is_told_with_line_and_column(tmp_path, text, line, what):
    (problem,) = refused(tmp_path / "p.yaml", text).problems
    assert (problem.line, problem.where) == (line, "")
    assert what in problem.what
    assert ", colonne " in problem.what


def test_a_key_written_twice_is_refused_with_both_lines(problems):
    found = problems("services: []\nservices: []\n")
    assert [(problem.line, problem.where) for problem in found] == [(15, "services")]
    assert "déjà ligne 14" in found[0].what


def test_aliases_are_refused_before_they_can_grow(tmp_path):
    bomb = "vigie: 1\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert any("alias" in problem.what for problem in refused(tmp_path / "p.yaml", bomb).problems)


def test_an_alias_of_itself_is_refused(tmp_path):
    assert any(
        "alias" in problem.what for problem in refused(tmp_path / "p.yaml", "vigie: 1\nservices: &a [*a]\n").problems
    )


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 5_000, "{a: " * 20_000])
def test_absurd_nesting_is_refused_and_not_followed(tmp_path, text):
    (problem,) = refused(tmp_path / "p.yaml", text).problems
    assert "imbriqués" in problem.what


def test_python_tags_build_nothing(tmp_path):
    found = refused(tmp_path / "p.yaml", f"vigie: !!python/object/apply:pathlib.Path.touch ['{tmp_path}/x']\n").problems
    assert found
    assert not (tmp_path / "x").exists()


def test_bytes_that_are_not_utf8(tmp_path):
    (problem,) = refused(tmp_path / "p.yaml", "vigie: 1\nname: été\n".encode("latin-1")).problems
    assert (problem.line, "UTF-8" in problem.what) == (2, True)


@pytest.mark.parametrize(
    ("text", "what"), [("", "vide"), ("# rien\n", "vide"), ("- a\n", "bloc de clés"), ("vigie: 2\n", "valeur")]
)
def test_files_that_are_no_catalogue(tmp_path, text, what):
    assert what in str(refused(tmp_path / "p.yaml", text))


def test_a_missing_file_and_a_folder(tmp_path):
    for path, what in ((tmp_path / "none.yaml", "absent"), (tmp_path, "illisible")):
        with pytest.raises(CatalogInvalid) as caught:
            load(path)
        (problem,) = caught.value.problems
        assert problem.line is None
        assert what in problem.what
        assert "VIGIE_CONFIG" in problem.mend


def test_impossible_dates_and_odd_tags(problems):
    (problem,) = problems("defaults: {every: 2026-13-45}\n")
    assert (problem.line, problem.where) == (14, "defaults.every")


@pytest.mark.parametrize(
    "value",
    [
        *('!!timestamp "foo"', '!!int ""', '!!int "-"', "!!int x", '!!float ""', '!!float "-"', '!!bool "x"'),
        *("1" * 5_000, "0x" + "f" * 5_000, "-0x" + "f" * 5_000, "!!binary x"),
    ],
    ids=lambda value: value[:20],
)
def test_a_tag_that_its_text_belies_is_refused_with_its_line(problems, value):
    (problem,) = problems(f"defaults:\n  fail_after: {value}\n")
    assert (problem.line, problem.where) == (15, "defaults.fail_after")
    assert problem.mend


def test_the_digest_follows_the_bytes(loaded):
    assert loaded("").digest != loaded("# autre\n").digest
    assert len(loaded("").digest) == 12


def test_the_catalogue_of_the_current_folder_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checkout = Path(__file__).parents[2] / "probes.yaml"
    assert default_path() == checkout
    (tmp_path / "probes.yaml").write_text("vigie: 1\n")
    assert default_path() == tmp_path / "probes.yaml"
