"""`/api/v1/status` and `/health`: the snapshot as bytes, and whether it is fresh."""

import json
from datetime import datetime, timedelta

from fastapi import Request, Response

from dashboard.data import Published
from dashboard.public.answers import JSON, OPEN, Document, refused, served

DATABASE_SILENT = "La base de données ne peut pas être lue ; le journal du serveur dit pourquoi."
FRESH = timedelta(seconds=60)
CLOCKS_APART = timedelta(seconds=5)  # two machines' clocks; further in the future, the age of nothing can be told
NO_SNAPSHOT = "Aucune mesure n’est encore publiée."


def status_answer(request: Request, published: Published | None) -> Response:
    """The snapshot, 304 where the caller has it already, 503 before the first one."""
    if published is None:
        return refused(503, NO_SNAPSHOT, {"Retry-After": "5"})
    found = Document(published.body, published.zipped, published.etag)
    return served(request, found, JSON, {"Cache-Control": "public, max-age=5", **OPEN})


def health_answer(published: Published | None, now: datetime, trouble: str | None) -> Response:
    """200 only within a minute of wall time after publication, and while Vigie has a voice.

    The body says the age and what the operator needs. A vital that is `mute` means that nobody would be told.
    """
    ours = [DATABASE_SILENT] if trouble else []
    if published is None:
        body: dict[str, object] = {"fresh": False, "age_s": None, "warnings": ours, "version": None}
        return _json(body, 503)
    view = published.view
    age = now - view.published_at
    fresh = -CLOCKS_APART <= age < FRESH
    failing = (view.vitals or {}).get("failing", ())
    body = {
        "fresh": fresh,
        "age_s": round(age.total_seconds(), 1),
        "measured_age_s": round(view.age(now).total_seconds(), 1) if view.measured_at else None,
        "blind": view.blind,
        "coverage": view.coverage,
        "never_seen": len(view.never_seen),
        "warnings": [*view.warnings, *ours],
        "vitals": view.vitals,
        "rehearsal": view.rehearsal,
        "version": view.version,
    }
    return _json(body, 200 if fresh and not any(one["mute"] for one in failing) else 503)


def _json(body: dict[str, object], code: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), code, {"Cache-Control": "no-store"}, "application/json")
