"""How long a catalogue of 2,000 services takes to validate or to refuse, beside a bare YAML load of the same text in the same run.

Run by `make bench`; prints, never asserts: a threshold on wall time would fail on a busy machine and pass on a fast wrong one.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from monitor.config import CatalogInvalid, load

SERVICES = 2_000
ROUNDS = 3
TOP = Path(__file__).parents[2]


def catalogue() -> str:
    """The real file with enough made-up services behind the real ones to make 2,000."""
    text = (TOP / "probes.yaml").read_text(encoding="utf-8")
    real = len(yaml.safe_load(text)["services"])
    block = (
        '  - {{id: banc-{n}, name: "ENT du banc {n}", kind: ent, profile: entcore, url: "https://banc-{n}.example", operator: edifice,\n'
        '     buyer: "Département du banc", territories: ["D:59", "A:amiens"], audience: [college, lycee], depends_on: [educonnect]}}\n'
    )
    more = "".join(block.format(n=n) for n in range(SERVICES - real))
    return text.replace("\nservices:\n", "\nservices:\n" + more, 1)


def best(action: Callable[[], object]) -> float:
    """The shortest of a few runs, in seconds."""
    durations = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return min(durations)


def refused(path: Path) -> int:
    """How many errors were found; the message is put together too, as people would read it."""
    try:
        load(path)
    except CatalogInvalid as error:
        str(error)
        return len(error.problems)
    return 0


def main() -> None:
    """Print both times and their ratio."""
    text = catalogue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probes.yaml"
        path.write_text(text, encoding="utf-8")
        services = len(load(path).catalog.services)
        ours = best(lambda: load(path))
        path.write_text(text.replace("depends_on: [educonnect]", "depends_on: [educonect]"), encoding="utf-8")
        errors = refused(path)
        refusing = best(lambda: refused(path))
    bare = best(lambda: yaml.load(text, Loader=yaml.CSafeLoader))
    accepted = f"validate: {services} services in {ours:.3f} s (target < 2 s)"
    refusal = f"refusing them with {errors} errors in {refusing:.3f} s (target < 2 s)"
    print(f"{accepted}; {refusal}; bare YAML load {bare:.3f} s; ratio {ours / bare:.2f}")  # noqa: T201 - a bench speaks


if __name__ == "__main__":
    main()
