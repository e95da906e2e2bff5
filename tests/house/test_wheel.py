"""The built wheel runs in an empty folder, without the checkout: migrations, assets and catalogue are inside."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(command: list[str | Path], cwd: Path, **environment: str) -> str:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(
        command, cwd=cwd, env={**clean, "PYTHONUTF8": "1", **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    _run(build, folder)
    [built] = folder.glob("vigie-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment: the wheel, and the dependencies of the one that runs the tests (not its link to the checkout)."""
    folder = tmp_path_factory.mktemp("installed")
    _run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], folder)
    python = folder / "venv" / "bin" / "python"
    _run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel],
        folder,
    )
    site = Path(_run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    # Folders named in a .pth are searched, but the .pth files inside them are not read: the editable install stays out.
    paths = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (site / "dependencies.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return folder / "venv" / "bin"


def test_everything_the_program_reads_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for package in ("monitor", "dashboard"):
        files = (path.relative_to(ROOT) for path in (ROOT / package).rglob("*") if path.is_file())
        missing = [str(one) for one in files if "__pycache__" not in one.parts and str(one) not in inside]
        assert missing == []
    assert {"monitor/config/data/probes.yaml", "monitor/store/migrations/measures/env.py"} <= inside
    assert "dashboard/assets/verifier.py" in inside
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not any(name.startswith(("tests/", "tools/")) for name in inside)


def test_it_runs_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    python = installed / "python"
    where = _run([python, "-c", "import monitor, dashboard; print(monitor.__file__, dashboard.__file__)"], tmp_path)
    assert str(ROOT) not in where
    assert "vigie" in _run([installed / "vigie", "--help"], tmp_path).lower()
    assert "services" in _run([installed / "vigie", "validate"], tmp_path)
    books = tmp_path / "books"
    books.mkdir()
    _run([installed / "vigie", "db", "upgrade"], tmp_path, VIGIE_DATABASE_URL=f"sqlite:///{books}/vigie.db")
    assert {"vigie.db", "vigie-desk.db"} <= {path.name for path in books.iterdir()}
    _run([installed / "vigie", "db", "check"], tmp_path, VIGIE_DATABASE_URL=f"sqlite:///{books}/vigie.db")
