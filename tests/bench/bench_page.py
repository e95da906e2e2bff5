# ruff: noqa: T201 - it prints
"""How many visitors one core serves: Vigie's own server beside nginx, the same bytes, in the same run, on loopback.

Prints requests/s, p99 and the processor's time for each request of `/`, of the snapshot, and of a visitor who holds it
already. Then how punctual the monitor is beside the same web process, in one run: while nobody visits, and under wrk.
Needs wrk and nginx. VIGIE_BENCH_SECONDS: how long each question lasts (10); VIGIE_BENCH_ROUND_SECONDS: each part of the
punctuality (60); VIGIE_BENCH_PROBES: how many probes a minute (10,000).
"""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.dashboard.conftest import Web, a_document, new_country, start_web, stop_web

SECONDS = int(os.environ.get("VIGIE_BENCH_SECONDS", "10"))
ROUND_S = max(60, int(os.environ.get("VIGIE_BENCH_ROUND_SECONDS", "60")) // 60 * 60)
CONNECTIONS = 64
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and of the children it has now."""
    found = 0.0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (pid, *map(int, children)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        found += (int(fields[11]) + int(fields[12])) / TICKS
    return found


def pressed(url: str, pid: int, *headers: str) -> tuple[float, float, float]:
    """Requests/s, p99 in ms and µs of processor for each request."""
    given = [part for header in ("Accept-Encoding: gzip", *headers) for part in ("-H", header)]
    subprocess.run(["wrk", "-t1", "-c8", "-d1s", *given, url], check=True, capture_output=True)
    before = cpu_s(pid)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", *given, url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = cpu_s(pid) - before
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    if wrong:
        sys.exit(f"{url}: {wrong[0]}")
    requests = int(re.search(r"(\d+) requests in", told)[1])
    rate = float(re.search(r"Requests/sec: +([\d.]+)", told)[1])
    number, unit = re.search(r"99% +([\d.]+)(us|ms|s)", told).groups()
    p99 = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    return rate, p99, spent / requests * 1e6


def nginx_of(folder: Path, files: dict[str, bytes]) -> tuple[str, "subprocess.Popen[bytes]"]:
    """nginx with one worker, serving these files compressed already."""
    for name, body in files.items():
        (folder / name).write_bytes(body)
        (folder / f"{name}.gz").write_bytes(gzip.compress(body, 6))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; {'user root;' if os.getuid() == 0 else ''}\n"
        f"events {{ worker_connections 1024; }}\nhttp {{ access_log off; {temp} keepalive_requests 1000000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; gzip_static on; default_type text/html; }} }}\n"
    )
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    running = subprocess.Popen([found, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"])
    time.sleep(1)
    return f"http://127.0.0.1:{port}", running


def main() -> None:
    """Print the table."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed (Debian: apt-get install wrk nginx-light)")
    with tempfile.TemporaryDirectory() as name, new_country(Path(name)) as country:
        country.publish(a_document(published=datetime.now(UTC)))
        web = start_web(country.url)
        files = {"index.html": web.get("/")[2], "status": web.get("/api/v1/status")[2]}
        site, nginx = nginx_of(Path(name), files)
        try:
            table(web, site, nginx.pid)
            punctual(web)
        finally:
            stop_web(web)
            nginx.terminate()
            nginx.wait(10)


def table(web: Web, site: str, nginx: int) -> None:
    """One line a question, Vigie beside nginx."""
    own = web.process.pid
    print(
        f"{'':22}{'Vigie req/s':>12}{'p99 ms':>9}{'µs':>7}{'nginx req/s':>14}{'p99 ms':>9}{'µs':>7}{'ratio of µs':>13}"
    )
    tag = web.get("/api/v1/status", Accept_Encoding="gzip")[1]["etag"]
    nginx_tag = Web(site, web.process).get("/status", Accept_Encoding="gzip")[1]["etag"]
    for words, path, other, held, held_there in (
        ("/", "/", "/index.html", None, None),
        ("/api/v1/status", "/api/v1/status", "/status", None, None),
        ("…, held already (304)", "/api/v1/status", "/status", tag, nginx_tag),
    ):
        ours = pressed(web.url + path, own, *([f"If-None-Match: {held}"] if held else []))
        theirs = pressed(site + other, nginx, *([f"If-None-Match: {held_there}"] if held_there else []))
        print(
            f"{words:22}{ours[0]:12,.0f}{ours[1]:9.1f}{ours[2]:7.0f}"
            f"{theirs[0]:14,.0f}{theirs[1]:9.1f}{theirs[2]:7.0f}{ours[2] / theirs[2]:13.2f}"
        )
    print(
        "promise: >= 12,000 req/s, p99 <= 100 ms, <= 3.5 times nginx's processor; both servers share two cores with wrk"
    )


def punctual(web: Web) -> None:
    """How late the monitor asks while nobody visits, and while wrk takes all that the web process gives."""
    command = [sys.executable, str(Path(__file__).with_name("beside_pages.py")), str(ROUND_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as monitor:
        try:
            told = monitor.stdout
            if told.readline() != "quiet\n" or told.readline() != "loaded\n":
                sys.exit("the monitor beside the pages does not run")
            load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_S + 2}s", "-H", "Accept-Encoding: gzip", web.url + "/"]
            pressed_ = subprocess.run(load, check=True, capture_output=True, text=True).stdout
            found = json.loads(told.readline())
        finally:
            monitor.terminate()
    rate = float(re.search(r"Requests/sec: +([\d.]+)", pressed_)[1])
    print(f"\n{found['probes']:,} probes a minute beside it{'p50 ms':>12}{'p99 ms':>9}{'worst':>8}{'lost slots':>22}")
    for name, words in (("quiet", "nobody visits"), ("loaded", f"{rate:,.0f} visits/s of /")):
        one = found[name]
        late = "".join(f"{figure:{wide}.0f}" for figure, wide in zip(one["late_ms"], (12, 9, 8), strict=True))
        print(f"{words:30}{late}{one['lost']:>12} of {one['slots']}")
    print("promise: questions start at most 250 ms late (p99), no slot is lost, under the load as without it")


if __name__ == "__main__":
    main()
