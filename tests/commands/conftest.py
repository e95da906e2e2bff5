"""Commands print as on a wide terminal: how wide a console is, it decides when it is made, once for all tests."""

from pathlib import Path

import pytest

from monitor.__main__ import cli
from monitor.commands import base
from monitor.commands.usage import run
from tests.commands.declaring import CATALOGUE, Vigie


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
