# ruff: noqa: T201 - it prints
"""6 April 2021 with 30 rectorats and 8,000 heads of school subscribed: how many messages each role gets.

python tests/bench/bench_april.py [--heads 8000] [--between 07:30-10:00 …]     (without --between: the whole written day)
"""

import argparse
import sys
import tempfile
import time as clock
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.config import default_path, load
from monitor.config.schools import Schools
from monitor.desk.recipients import take
from monitor.domain.reason import Reason
from monitor.heads import Heads, Terms
from monitor.play import Played, Stage, play
from monitor.rehearsal.readers import by_role, in_words
from monitor.rehearsal.scenario import load_scenario
from monitor.settings import Settings
from monitor.store import open_desk_reader, open_store, upgrade
from tests.bench.heads import contacts, rectorats

NOON = datetime(2021, 4, 6, 12, tzinfo=UTC)


def elsewhere(day: Played) -> list[str]:
    """Ids of tellings to readers of whose territory nothing was hit by the incident that they were told of."""
    readers = {one.id: one for one in day.subscriptions}
    found = []
    for telling in day.tellings:
        reader, hit = readers[telling.subscription], set(day.incidents[telling.incident].territories)
        codes = (*reader.territories, *(school.place for school in reader.schools))
        above = {up for code in hit for up in day.catalog.ancestors(code)}
        theirs = {one for code in codes for one in (code, *day.catalog.ancestors(code)) if code == "N" or one != "N"}
        if codes and not theirs & hit and not above & set(codes):
            found.append(telling.id)
    return found


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--heads", type=int, default=8000)
    asked.add_argument("--between", nargs="*", default=[])
    wish = asked.parse_args()
    hours = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in (one.split("-") for one in wish.between)]
    config = load(default_path())
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/april.db"
        upgrade(url, "rehearsal", NOON, "2021-04-06")
        take(url, contacts(wish.heads), NOON)
        with closing(open_store(url, kind="rehearsal")) as store, closing(open_desk_reader(url)) as desk:
            began, cpu = clock.perf_counter(), clock.process_time()
            day = play(
                Stage(
                    config=replace(config, subscriptions=(*config.subscriptions, *rectorats())),
                    sources=(Heads(desk, None, Terms(), Schools().scope_of),),
                    scenario=load_scenario("2021-04-06"),
                    store=store,
                    settings=Settings(),
                    wall=lambda: NOON,
                    version="bench",
                    between=hours or None,
                )
            )
            took, burnt = clock.perf_counter() - began, clock.process_time() - cpu
    roles = {one.id: one.role.value for one in day.subscriptions}
    said = Counter((one.subscription, one.incident, one.reason) for one in day.tellings)
    openings = {(roles[who], number) for (who, _, reason), number in said.items() if reason is Reason.OPENED}
    print(f"{len(day.incidents)} incidents, {len(day.tellings)} messages; {took:.0f} s, {burnt:.0f} s of processor")
    for line in in_words(by_role(day.tellings, day.subscriptions)):
        print(line)
    print(f"most openings of one incident to one reader: {dict(sorted(openings))}")
    print(
        f"most of one reason to one head about one incident: {max((n for (who, *_), n in said.items() if roles[who] == 'head'), default=0)}"
    )
    print(f"messages to readers of whose territories nothing was hit: {len(elsewhere(day))}")


if __name__ == "__main__":
    main()
