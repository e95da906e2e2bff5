"""A monitor in miniature for the kill tests: appends and saves for ever, prints how many batches are committed."""

import sys
from datetime import datetime, timedelta

from monitor.domain.gap import Excuse, Gap
from monitor.domain.observation import Health, Observation
from monitor.domain.service_verdict import Span
from monitor.domain.verdict import Verdict
from monitor.store import Evaluation, open_store

BATCH = 40
url, start, first = sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
store = open_store(url, kind="real")
for batch in range(first, 1_000_000):
    at = start + timedelta(milliseconds=batch)
    gap = Gap("", "local", start, at, batch, Excuse.STORAGE)  # goes on from batch to batch
    words = {"detail": f"batch {batch}", "marker": f"marker/{batch}", "excerpt": f"batch {batch}"}
    store.append([Observation(f"p{n}/x", "local", at, timedelta(0), **words) for n in range(BATCH)], [gap])
    verdicts = tuple(Verdict(f"p{n}/x", "local", Health.UP, start, last_at=at) for n in range(BATCH))
    spans = tuple(Span(f"p{n}", None, "local", Health.UP, at, at + timedelta(milliseconds=1)) for n in range(BATCH))
    store.save(Evaluation(verdicts, (), spans, (), str(batch).encode(), at))
    print(batch, flush=True)  # noqa: T201 -- what the test reads
