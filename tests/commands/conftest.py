"""Commands print as on a wide terminal: how wide a console is, it decides when it is made, once for all tests."""

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from monitor.__main__ import cli
from monitor.commands import base
from monitor.commands.usage import run
from monitor.store import Reader, open_reader, open_store, upgrade
from tests.commands.declaring import CATALOGUE, Vigie
from tests.commands.verifying import LATER, ROOT
from tests.sealed import answers, seal_all


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    for console in (base.out, base.err):
        monkeypatch.setattr(console, "_width", 200)


@pytest.fixture
def vigie(capsys, tmp_path: Path, monkeypatch) -> Vigie:
    """vigie(word, …): the exit code, stdout and stderr with plain spaces, in a folder of its own."""
    (tmp_path / "probes.yaml").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIGIE_LOG", raising=False)
    monkeypatch.setenv("VIGIE_CONFIG", str(tmp_path / "probes.yaml"))

    def typed(*words: str) -> tuple[int, str, str]:
        code = run(cli, [str(word) for word in words])
        said = capsys.readouterr()
        return code, *(text.replace("\u00a0", " ").replace("\u202f", " ") for text in (said.out, said.err))

    return typed


@pytest.fixture(scope="module")
def sealed_book(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    url = f"sqlite:///{folder}/vigie.db"
    upgrade(url, "real", LATER)
    with closing(open_store(url, kind="real")) as store, closing(open_reader(url)) as reader:
        store.append(answers())
        seal_all(store, reader, LATER)
    return folder


@pytest.fixture
def reader(sealed_book: Path, monkeypatch) -> Iterator[Reader]:
    url = f"sqlite:///{sealed_book}/vigie.db"
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    with closing(open_reader(url)) as opened:
        yield opened


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verifier", ROOT / "docs" / "verifier.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
