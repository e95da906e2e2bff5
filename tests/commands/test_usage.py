"""The command line misread, and everything else that people are told in French, as they type it."""

import errno
import os
import subprocess
import sys

import pytest

from monitor.__main__ import cli
from monitor.commands.usage import run
from monitor.config.os_words import os_reason, os_sentence
from tests.config.conftest import HEAD


@pytest.fixture
def vigie(capsys, tmp_path, monkeypatch):
    """vigie(word, …): the exit code, stdout, stderr with plain spaces."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    monkeypatch.delenv("VIGIE_LOG", raising=False)

    def typed(*words):
        code = run(cli, list(words))
        said = capsys.readouterr()
        return code, said.out, said.err.replace("\u00a0", " ").replace("\u202f", " ")

    return typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evidence",), "Il manque l’argument QUOI."),
        (("evidence", "x", "--limit", "0"), "--limit : écrivez un nombre d’au moins 1."),
        (("evidence", "x", "--limit", "abc"), "--limit : écrivez un nombre entier."),
        (("web", "--port", "99999"), "--port : écrivez un nombre d’au plus 65535."),
        (("rehearse", "x", "--speed", "0"), "--speed : écrivez un nombre d’au moins 0,1."),
        (("gaps", "--format", "xml"), "--format : écrivez table ou json."),
        (("gaps", "--fomat", "json"), "Option inconnue : « --fomat ». Vouliez-vous écrire « --format » ?"),
        (("gaps", "--zzz"), "Option inconnue : « --zzz ».\n"),
        (("gaps", "--config"), "L’option --config attend une valeur."),
        (("rehearse", "x", "--serve=3"), "L’option --serve ne prend pas de valeur."),
        (("gaps", "un", "deux"), "Mot de trop : un deux."),
        (("validat",), "Commande inconnue : « validat ». Vouliez-vous écrire « validate » ?"),
        (("zzz\x1b[31m",), "Commande inconnue : « zzz\\u{1b}[31m ». Commandes : up, monitor,"),
        (("calendar", "sow"), "Commande inconnue : « sow ». Vouliez-vous écrire « show » ?"),
        (("fleet", "--zzz"), "Option inconnue : « --zzz »."),
    ],
)  # fmt: skip
def test_a_command_line_that_is_wrong(vigie, words, said):
    code, shown, told = vigie(*words)
    assert (code, shown) == (2, "")
    assert told.startswith(said)
    for english in ("Invalid", "Missing", "No such", "Usage", "requires", "Error", "Try "):
        assert english not in told


def test_what_is_right_is_not_touched(vigie):
    assert vigie("--version")[0] == 0
    assert vigie("gaps", "--help")[0] == 0
    assert vigie("status")[0] == 1
    assert vigie("db")[0] == 2


def test_the_console_script_ends_with_the_code():
    ended = subprocess.run([sys.executable, "-m", "monitor", "gasp"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Vouliez-vous écrire" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VIGIE_EVALUATE_EVERY_S", "abc", "VIGIE_EVALUATE_EVERY_S — écrivez un nombre, avec un point"),
        ("VIGIE_HEADS_FROM", "bad", "VIGIE_HEADS_FROM — écrivez slow, restricted, waiting ou down"),
        ("VIGIE_EVALUATE_EVERY_S", "-1", "VIGIE_EVALUATE_EVERY_S — écrivez un nombre au-dessus de 0"),
        ("VIGIE_TELL_EVERY_S", "", "VIGIE_TELL_EVERY_S — écrivez un nombre, avec un point"),
        ("VIGIE_LOG", "FOO", "VIGIE_LOG : niveau inconnu. Écrivez DEBUG, INFO, WARNING, ERROR ou CRITICAL."),
    ],
)
def test_a_setting_that_is_wrong(vigie, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    code, _, told = vigie("gaps")
    assert code == 2
    assert said in told
    assert "Input" not in told


def test_an_empty_level_is_the_usual_one(vigie, monkeypatch):
    monkeypatch.setenv("VIGIE_LOG", " ")
    assert "VIGIE_LOG" not in vigie("gaps")[2]


def test_a_file_whose_name_looks_like_markup(vigie, tmp_path):
    (tmp_path / "a[").mkdir()
    for name in ("a[/b].yaml", "[red]x:smile:.yaml"):
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
        code, shown, told = vigie("validate", name)
        assert (code, told) == (0, "")
        assert shown.startswith(f"{name} : ")
        assert vigie("validate", f"absent-{name}")[2].startswith(f"absent-{name} : 1 erreur")


def test_a_long_error_is_one_line_however_narrow_the_terminal(vigie, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "40")
    (tmp_path / "probes.yaml").write_text(HEAD.replace("contains: [login]", "contain: [login]"), encoding="utf-8")
    _, _, told = vigie("validate", "probes.yaml")
    assert told.count("\n") == 2


def test_what_the_system_refuses_is_said_in_french(vigie, tmp_path, monkeypatch):
    assert "fichier illisible (c’est un dossier)" in vigie("validate", str(tmp_path))[2]
    (tmp_path / "file").touch()
    assert "(un dossier du chemin n’en est pas un)" in vigie("validate", str(tmp_path / "file" / "x.yaml"))[2]
    monkeypatch.delenv("VIGIE_DATABASE_URL")
    monkeypatch.setenv("VIGIE_DATABASE_URL_FILE", str(tmp_path / "absent"))
    code, _, told = vigie("status")
    assert (code, told) == (2, f"{tmp_path}/absent : fichier ou dossier absent.\n")


@pytest.mark.parametrize("command", ["up", "monitor"])
def test_a_table_of_networks_that_is_wrong_stops_the_start_with_every_error(vigie, tmp_path, monkeypatch, command):
    (tmp_path / "probes.yaml").write_text(HEAD, encoding="utf-8")
    table = tmp_path / "reseaux.csv"
    table.write_text("prefix,name\n192.0.2.1/24,Nuage\n192.0.2.0/33,\n", encoding="utf-8")
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "probes.yaml"))
    monkeypatch.setenv("VIGIE_NETWORK_TABLE", str(table))
    code, _, told = vigie(command)
    assert code == 2
    assert f"{table} : 3 erreurs\n  ligne 2 — préfixe qui dépasse son masque : « 192.0.2.1/24 »" in told
    assert not (tmp_path / "vigie.db").exists()
    monkeypatch.setenv("VIGIE_NETWORK_TABLE", str(tmp_path / "absent.csv"))
    assert "absent.csv : fichier ou dossier absent." in vigie(command)[2]


@pytest.mark.parametrize(
    "number",
    [
        errno.EISDIR, errno.ENOENT, errno.EACCES, errno.EADDRINUSE, errno.ENOSPC, errno.ENOTDIR, errno.EROFS,
        errno.EADDRNOTAVAIL, errno.ECONNREFUSED, errno.ENAMETOOLONG, errno.EMFILE, errno.EXDEV,
    ],
)  # fmt: skip
def test_reasons_are_french(number):
    error = OSError(number, os.strerror(number), "un/fichier")
    assert os.strerror(number) not in os_reason(error)
    assert os_sentence(error) == f"un/fichier\u00a0: {os_reason(error)}."
    assert os_sentence(OSError("Déjà dit.")) == "Déjà dit."
    assert os_sentence(OSError(number, os.strerror(number)))[0].isupper()
