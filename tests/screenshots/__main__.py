"""`make screenshots`: plays a morning, takes every page in light, dark, 320 pixels and print, and makes a contact sheet.

    python -m tests.screenshots [--url http://127.0.0.1:8050] [--output build/screenshots] [--only NAME…]

`--url` looks at a Vigie that runs already instead of playing one. Exit 1 if a page is missing or wrong, and says which.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.dashboard.routes import all_routes
from tests.screenshots.addresses import Shot, shots, status_of
from tests.screenshots.camera import LOOKS, Wrong, taken
from tests.screenshots.house import house
from tests.screenshots.sheet import write_sheet

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
LONGEST_S = 1500


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots")
    parser.add_argument("--url", help="a Vigie that runs already")
    parser.add_argument("--output", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME")
    given = parser.parse_args(argv)
    chromium = next((found for one in BROWSERS if (found := shutil.which(one))), None)
    if chromium is None:
        say("no Chromium: install your system's package (Debian: chromium)")
        return 1
    given.output.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with house() if given.url is None else nullcontext(given.url.rstrip("/")) as url:
        say(f"{url} after {time.monotonic() - began:.0f} s")
        try:
            chosen = [one for one in shots(status_of(url), all_routes()) if not given.only or one.name in given.only]
        except LookupError as lacking:
            say(str(lacking))
            return 1
        return look(chromium, url, chosen, given.output)


def look(chromium: str, url: str, chosen: Sequence[Shot], folder: Path) -> int:
    """Take them all; 1 where one is wrong."""
    found: dict[str, list[Path]] = {}
    wrong: list[str] = []
    began = time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for shot in chosen:
            if time.monotonic() - began > LONGEST_S:
                wrong.append(f"{shot.name}: not reached within {LONGEST_S} s")
                continue
            started, paths = time.monotonic(), found.setdefault(f"{shot.name}  {shot.path}", [])
            try:
                for path in taken(browser, url, shot, folder):
                    paths.append(path)
            except (Wrong, Error) as fault:
                wrong.append(f"{shot.name} {shot.path}: {str(fault).splitlines()[0]}")
            size = sum(one.stat().st_size for one in paths)
            say(
                f"{shot.name:28} {len(paths)} of {len(LOOKS)}  {size / 1000:7.0f} kB  {time.monotonic() - started:5.1f} s"
            )
        browser.close()
    pictures = [one for paths in found.values() for one in paths]
    size = sum(one.stat().st_size for one in pictures)
    say(f"{len(pictures)} pictures of {len(chosen)} pages, {size / 1e6:.1f} MB, {time.monotonic() - began:.0f} s")
    say(f"{write_sheet(folder, found)}")
    for one in wrong:
        say(f"WRONG: {one}")
    return 1 if wrong else 0


def say(line: str) -> None:
    """At once, whoever listens."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
