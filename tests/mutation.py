"""`make mutation`: how many small changes to the rules the tests of the rules notice, file by file.

    python -m tests.mutation [--minutes N] [--sample N] [FILE…]

FILE is a module of monitor/domain (`line`, `gap`); without any, all of them. The tests are those of tests/domain that
import one of these modules. What was tried within the time counts; what was not is said. Everything happens in a copy
of the tree below build/, which stays: a run takes up where the last one of the same files left off. Trying them all
takes a night: a sample of N, drawn from all alike, says how the whole stands, give or take what is printed.
"""

import argparse
import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

DOMAIN = Path("monitor/domain")
NOTICED = ("killed", "timeout", "caught by type check")
MISSED = ("survived", "no tests", "suspicious", "segfault")
TESTS = Path("tests/domain")
NAMED = 5  # more files than that share one folder
MUTMUT = (sys.executable, "-m", "mutmut")
LAST_WORDS_S = 30
FIRST = "spelling"  # the smallest module: tried to have all the others listed


def main() -> int:
    """Change, test, print. 0 whatever the score: it is a figure to look at, not a gate."""
    given = _arguments()
    known = sorted(path.stem for path in DOMAIN.glob("*.py") if path.stem != "__init__")
    if unknown := sorted(set(given.files) - set(known)):
        _say(f"monitor/domain has no {', '.join(unknown)}; it has {', '.join(known)}")
        return 2
    chosen = given.files or known
    copy = _copy(chosen)
    drawn = _drawn(copy, chosen, given.sample) if given.sample else []
    in_time = _run(copy, given.minutes, drawn)
    outcomes = _outcomes(copy, drawn)
    for name in chosen:
        _report(name, outcomes[name])
    if len(chosen) > 1:
        every = [one for name in chosen for one in outcomes[name]]
        _report("all of these", every, survivors=False)
        if drawn:
            _say(_give_or_take(every))
    if not in_time:
        _say(f"\nstopped after {given.minutes:g} min: run it again to go on")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="mutation score of monitor/domain")
    parser.add_argument("files", nargs="*", metavar="FILE", help="a module of monitor/domain, without its ending")
    parser.add_argument("--minutes", type=float, default=10, help="stop after that long (default 10)")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="try N of all mutants, drawn at random")
    return parser.parse_args()


def _copy(chosen: list[str]) -> Path:
    """The tree in a folder of these files' own, with what mutmut is to do: it reads nothing but pyproject.toml."""
    names = "all" if len(chosen) > NAMED else "-".join(sorted(chosen))
    copy = Path("build/mutation") / names
    for name in ("monitor", "dashboard", "migrations", "tests"):
        shutil.copytree(name, copy / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "probes.yaml", "README.md"):
        shutil.copy2(name, copy / name)
    imports = re.compile(rf"from monitor\.domain\.({'|'.join(chosen)}) import")
    tests = [str(test) for test in sorted(TESTS.glob("test_*.py")) if imports.search(test.read_text(encoding="utf-8"))]
    asked = {
        "source_paths": ["monitor"],
        "only_mutate": [f"monitor/domain/{name}.py" for name in chosen],
        "also_copy": ["dashboard", "migrations", "probes.yaml"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "no:xdist"],
        "pytest_add_cli_args_test_selection": tests,
    }
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("\n[tool.mutmut]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in asked.items()))
    return copy


def _drawn(copy: Path, chosen: Sequence[str], size: int) -> list[str]:
    """Names of that many mutants, the same at every run. They are listed once a first one has been tried."""
    _run(copy, math.inf, [f"monitor.domain.{FIRST if FIRST in chosen else chosen[0]}.*"])
    every = sorted(mutant for those in _outcomes(copy, []).values() for mutant, _ in those)
    return random.Random(size).sample(every, min(size, len(every)))


def _run(copy: Path, minutes: float, names: Sequence[str] = ()) -> bool:
    """Whether every mutant, or those named, was tried in time."""
    # As in CI: hypothesis draws the same examples each time, and a machine under load breaks no deadline.
    environment = {**os.environ, "CI": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    log = copy / "mutmut.log"
    with (
        log.open("w") as to,
        subprocess.Popen([*MUTMUT, "run", *names], cwd=copy, stdout=to, stderr=to, env=environment) as child,
    ):
        try:
            code = child.wait(minutes * 60 if math.isfinite(minutes) else None)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(LAST_WORDS_S)
            except subprocess.TimeoutExpired:
                child.kill()
            return False
    if code:
        raise SystemExit(f"mutmut failed: {log}")
    return True


def _outcomes(copy: Path, drawn: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """(mutant, what became of it) by module of the domain, of those drawn or of all."""
    command = [*MUTMUT, "results", "--all", "true"]
    listed = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in listed.stdout.splitlines():
        mutant, _, outcome = line.strip().partition(": ")
        if mutant.startswith("monitor.domain.") and (not drawn or mutant in drawn):
            found[mutant.split(".")[2]].append((mutant, outcome))
    return found


def _report(name: str, outcomes: list[tuple[str, str]], *, survivors: bool = True) -> None:
    count = Counter(outcome for _, outcome in outcomes)
    noticed, missed = sum(count[one] for one in NOTICED), sum(count[one] for one in MISSED)
    unchecked = len(outcomes) - noticed - missed
    score = f"{noticed / (noticed + missed):6.1%}" if noticed + missed else "     –"
    left = f", {unchecked} not tried" if unchecked else ""
    _say(f"{name:20} {score}   {noticed} noticed, {missed} not{left}")
    for mutant, outcome in outcomes if survivors else ():
        if outcome in MISSED:
            _say(f"    {outcome:10} {mutant}")


def _give_or_take(outcomes: Sequence[tuple[str, str]]) -> str:
    """Between which scores the whole lies, 95 times in 100 (Wilson's interval for what was drawn)."""
    tried = [outcome in NOTICED for _, outcome in outcomes if outcome in {*NOTICED, *MISSED}]
    if not tried:
        return "nothing was tried"
    n, share, z = len(tried), sum(tried) / len(tried), 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    around = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{n} drawn at random: the whole stands between {middle - around:.1%} and {middle + around:.1%}"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
