"""The November of `tests.dossier.month` in books, and `vigie report` typed on them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.__main__ import cli
from monitor.commands.usage import run
from tests.dashboard.conftest import chromium  # noqa: F401 - where Chromium is, or why its tests are skipped
from tests.dossier.month import write

Vigie = Callable[..., tuple[int, str, str]]


def typed_in(folder: Path, capsys, monkeypatch) -> Vigie:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("VIGIE_LOG", raising=False)
    monkeypatch.setenv("VIGIE_CONFIG", str(folder / "probes.yaml"))

    def typed(*words: object) -> tuple[int, str, str]:
        code = run(cli, ["report", *(str(word) for word in words)])
        said = capsys.readouterr()
        return code, said.out, said.err.replace("\u00a0", " ").replace("\u202f", " ")

    return typed


@pytest.fixture
def vigie(database_url: str, tmp_path: Path, capsys, monkeypatch) -> Vigie:
    """vigie(word, …) on November, in each kind of book: the exit code, stdout, and stderr with plain spaces."""
    write(database_url, tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", database_url)
    return typed_in(tmp_path, capsys, monkeypatch)


@pytest.fixture(scope="session")
def november(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The books of November once, to be copied."""
    folder = tmp_path_factory.mktemp("november")
    write(f"sqlite:///{folder}/vigie.db", folder)
    return folder


@pytest.fixture
def quick(november: Path, tmp_path: Path, capsys, monkeypatch) -> Vigie:
    """The same on SQLite alone, for what no database changes."""
    shutil.copytree(november, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("VIGIE_DATABASE_URL", f"sqlite:///{tmp_path}/vigie.db")
    return typed_in(tmp_path, capsys, monkeypatch)
