"""The floors hold, and the machine that checks them does see a hole."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]

# The domain has no clock, no chance, no input, no output, no waiting.
NOT_IN_DOMAIN = frozenset(
    {
        *(
            "asyncio",
            "concurrent",
            "contextvars",
            "multiprocessing",
            "queue",
            "sched",
            "select",
            "signal",
            "subprocess",
        ),
        *("builtins", "ctypes", "importlib", "inspect", "logging", "os", "sys", "threading", "time", "warnings"),
        *("glob", "http", "io", "pathlib", "shutil", "socket", "sqlite3", "ssl", "tempfile", "urllib", "zoneinfo"),
        *("random", "secrets", "uuid"),
    }
)
FORBIDDEN_CALLS = frozenset({"now", "utcnow", "today", "open", "print", "input", "__import__", "eval", "exec"})


def _lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT_IMPORTS, cwd=tree, capture_output=True, text=True, check=False)


def test_the_floors_hold() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("monitor/domain/observation.py", "import monitor.store", "The floors of the monitor"),
        ("monitor/domain/catalog.py", "import monitor.domain.verdict", "The floors of the domain"),
        ("monitor/store/__init__.py", "import monitor.probes", "The floors of the monitor"),
        ("monitor/alerting/messages.py", "import sqlalchemy", "SQL"),
        ("monitor/alerting/sender.py", "import monitor.alerting.child", "Nothing imports the child process"),
        ("monitor/pipeline.py", "import dashboard.data", "The monitor never imports its screens"),
        ("dashboard/data.py", "import monitor.store", "The dashboard enters"),
        ("dashboard/theme.py", "import dashboard.public", "The floors of the dashboard"),
        ("monitor/reports/__init__.py", "import aiohttp", "aiohttp"),
        ("monitor/domain/catalog.py", "import yaml", "The domain imports the standard library only"),
    ],
)
def test_a_hole_is_seen(tmp_path: Path, file: str, line: str, contract: str) -> None:
    for package in ("monitor", "dashboard"):
        for source in (ROOT / package).rglob("*.py"):
            copy = tmp_path / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as target:
        target.write(f"\n{line}\n")
    done = _lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    broken = [text for text in done.stdout.splitlines() if " BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), done.stdout


def _domain() -> list[Path]:
    return sorted((ROOT / "monitor" / "domain").rglob("*.py"))


def _imported(tree: ast.AST) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("file", _domain(), ids=lambda file: file.stem)
def test_the_domain_imports_the_quiet_part_of_the_standard_library(file: Path) -> None:
    for name in _imported(ast.parse(file.read_text(encoding="utf-8"))):
        top = name.split(".")[0]
        assert top not in NOT_IN_DOMAIN, name
        assert top in sys.stdlib_module_names or name.startswith("monitor.domain."), name


@pytest.mark.parametrize("file", _domain(), ids=lambda file: file.stem)
def test_the_domain_reads_no_clock_and_opens_nothing(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert called not in FORBIDDEN_CALLS, f"{file.name}:{node.lineno}"
