"""The shape of the repository: small files, speaking names, nothing of one machine in it."""

import re
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
BUILD_TOOLS = ("hatchling", "editables")  # for `pip install --no-build-isolation`
CEILING = 250  # lines; docs/decisions/0001-architecture.md
NO_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "lib"}

# Written in pieces, so that this file is not its own first finding.
REGISTRIES = [
    f"{name}.{top}" for name, top in [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com")]
]
MACHINE_PATH = re.compile(r"(?<![\w./:-])/(?:wo" + r"rk|ro" + r"ot)(?:/[\w.]|\s|$|[\"'`])")


def _tracked() -> list[Path]:
    """What git holds or would hold; in an unpacked archive, every text file outside the tools' own folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)]


TRACKED = _tracked()
PYTHON = [
    path for path in TRACKED if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"monitor", "dashboard"}
]


def test_there_is_something_to_look_at() -> None:
    assert len(PYTHON) > 30
    assert MACHINE_PATH.search("cd /wo" + "rk/main")


def test_no_registry_and_no_machine_path() -> None:
    found = []
    for path in TRACKED:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
        found += [f"{path.relative_to(ROOT)}: {hit.group().strip()}" for hit in MACHINE_PATH.finditer(text)]
    assert not found


def test_the_locks_pin_every_package_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
        for entry in filter(str.strip, entries):
            assert "==" in entry.splitlines()[0], entry[:80]
            assert "--hash=sha256:" in entry, entry[:80]
            assert "://" not in entry, entry[:80]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_small_and_their_names_speak(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= CEILING
    assert not NO_NAMES & {path.stem, *path.relative_to(ROOT).parts}


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime, dev = asked["dependencies"], asked["optional-dependencies"]["dev"]
    for name, wanted in (("requirements.txt", runtime), ("requirements-dev.txt", [*runtime, *dev])):
        locked = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==", (ROOT / name).read_text(encoding="utf-8")))
        names = {re.split(r"[\[<>=~! ;]", one)[0].lower().replace("_", "-") for one in [*wanted, *BUILD_TOOLS]}
        assert names <= locked, f"make lock: {name}"


def test_the_locks_pin_the_extras_that_packages_ask_of_each_other() -> None:
    """pip 23.2 looks for the newest `name[extra]` where the lock pins only `name`, then refuses its hash."""
    text = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    locked = {one.name: one.extras for one in map(Requirement, re.findall(r"(?m)^[a-z0-9][^ ;\\]*==[^ ;\\]+", text))}
    asked = [
        (distribution.name, wanted)
        for distribution in distributions()
        for wanted in map(Requirement, distribution.requires or ())
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    ]
    assert any(wanted.name == "coverage" for _, wanted in asked)
    missing = [
        f"{name}: {wanted}"
        for name, wanted in asked
        if not wanted.extras <= locked.get(canonicalize_name(wanted.name), wanted.extras)
    ]
    assert not missing, "make lock"
