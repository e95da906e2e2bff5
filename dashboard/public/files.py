"""`/donnees/fichiers/…`: the files of open data, and beside them the published roots and the script that verifies."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from dashboard import dates
from dashboard.data import Data
from dashboard.dumps import Dump, last_day
from dashboard.public.answers import JSON, OPEN, Document, document_of, holds, refused, served
from dashboard.public.api.asked import NotSoError
from dashboard.public.headers import LATER, READ

HERE = Path(__file__)
# In a checkout `docs/verifier.py`; in an installed wheel its copy among the assets (pyproject.toml).
VERIFIERS = (HERE.parents[2] / "docs" / "verifier.py", HERE.parents[1] / "assets" / "verifier.py")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY, FOR_NOW = "public, max-age=86400", "public, max-age=300"
TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Seals = Callable[[str, Mapping[str, Any]], Awaitable[Document]]


def add_files(site: FastAPI, data: Data, seals: Seals, now: Callable[[], datetime]) -> None:
    """The three kinds of file; `seals` answers what `/api/v1/seals` does."""
    verifier = script()

    async def roots(request: Request) -> Response:
        try:
            found = await seals("", {})
        except NotSoError as no:
            return refused(no.code, no.sentence, LATER)
        return served(request, found, JSON, {"Cache-Control": "public, max-age=60", **OPEN})

    async def verify(request: Request) -> Response:
        if verifier is None:
            raise HTTPException(404)
        return served(request, verifier, "text/x-python; charset=utf-8", {"Cache-Control": FOR_NOW, **OPEN})

    async def file(request: Request) -> Response:
        found = await run_in_threadpool(data.open.dumps.path_of, request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return await run_in_threadpool(handed, request, *found, now())

    site.add_api_route("/donnees/sceaux.json", roots, methods=READ, response_model=None)
    site.add_api_route("/donnees/verifier.py", verify, methods=READ, response_model=None)
    site.add_api_route("/donnees/fichiers/{name}", file, methods=READ, response_model=None)


def handed(request: Request, path: Path, about: Dump | None, now: datetime) -> Response:
    """A file, piece by piece; its digest is its tag. A file that is not (yet) the one the index tells of is 503."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        raise HTTPException(404) from None
    if about is not None and stat.st_size != about.size:
        raise HTTPException(503, headers={"Retry-After": "60"})
    tag = f'"{about.sha256}"' if about is not None else f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = {"Cache-Control": _kept(request, path.name, about, now), "ETag": tag, **OPEN}
    if holds(request, (tag,)):
        return Response(status_code=304, headers=headers)
    kind = TYPES.get(path.suffix, "application/octet-stream")
    return FileResponse(path, 200, headers, kind, filename=path.name, stat_result=stat)


def _kept(request: Request, name: str, about: Dump | None, now: datetime) -> str:
    """For ever where the address names the very bytes. A day that is over may still be corrected by late answers."""
    if about is not None and request.query_params.get("sha256") == about.sha256:
        return FOR_EVER
    day = last_day(name)
    return FOR_A_DAY if day is not None and day < now.astimezone(dates.PARIS).date().isoformat() else FOR_NOW


def script() -> Document | None:
    """The script that verifies, None where this installation lacks it."""
    for path in VERIFIERS:
        if path.is_file():
            return document_of(path.read_bytes())
    return None
