"""What the benchmarks of asking are run against: a page behind nginx, and Debian's prober beside ours."""

import asyncio
import json
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
EXPORTER = shutil.which("prometheus-blackbox-exporter") or shutil.which("blackbox_exporter")
PORTS = {"http": 23000, "https": 26000}  # a port of its own for every probe: "host" means host and port on loopback
MARKER = "Identifiant ou adresse"
FILLER = "<p>Espace numérique de travail, élèves, parents et enseignants&nbsp;: bienvenue.</p>\n"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def page() -> bytes:
    """20 KB, its marker near the end."""
    body = FILLER * 400
    cut = body.encode()[: 20_000 - 200].decode(errors="ignore")
    return f"<!doctype html><html><body>{cut}<label>{MARKER}</label></body></html>".encode().ljust(20_000)


@contextmanager
def target(folder: Path, probes: int, core: int) -> Iterator[None]:
    """nginx, one worker, no keep-alive, no session to resume."""
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "leaf.pem"))
    (folder / "root").mkdir()
    (folder / "root" / "index.html").write_bytes(page())
    user = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"""
        {user} daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit; worker_rlimit_nofile 20000;
        events {{ worker_connections 10000; }}
        http {{
          access_log off; keepalive_timeout 0; root {folder}/root; default_type text/html; log_format seen $ssl_protocol:$ssl_cipher:$ssl_session_reused;
          ssl_protocols TLSv1.3; ssl_certificate {folder}/leaf.pem; ssl_certificate_key {folder}/leaf.pem;
          ssl_session_cache off; ssl_session_tickets off;
          server {{ listen 127.0.0.1:{PORTS["http"]}-{PORTS["http"] + probes - 1}; }}
          server {{ listen 127.0.0.1:{PORTS["https"]}-{PORTS["https"] + probes - 1} ssl; access_log {folder}/seen seen buffer=64k; }}
        }}""")
    command = ["taskset", "-c", str(core), NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        reachable(PORTS["https"] + probes - 1)
        if server.poll() is not None:
            raise SystemExit(f"nginx could not start: do the ports from {PORTS['http']} on belong to somebody else?")
        yield
    finally:
        server.terminate()
        server.wait(10)


def reachable(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"Rien n’écoute sur le port {port}.")


@contextmanager
def exporter(folder: Path) -> Iterator[tuple[int, int]]:
    """The exporter's pid and port."""
    modules = {
        "http": {"prober": "http", "timeout": "10s", "http": {"fail_if_body_not_matches_regexp": [MARKER],
                 "preferred_ip_protocol": "ip4", "tls_config": {"ca_file": str(folder / "ca.pem")}}},
    }  # fmt: skip
    (folder / "blackbox.yml").write_text(json.dumps({"modules": modules}))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        "taskset",
        "-c",
        "0",
        EXPORTER,
        f"--config.file={folder / 'blackbox.yml'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        reachable(port)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(10)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


async def call_exporter(scheme: str, probes: int, at_once: int, port: int) -> int:
    """Call /probe for every target over connections that stay open; how many probes failed."""
    numbers, bad = iter(range(probes)), 0

    async def caller() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            asked = f"{scheme}%3A%2F%2F127.0.0.1%3A{PORTS[scheme] + number}%2F"
            writer.write(f"GET /probe?module=http&target={asked} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
            if length is not None:
                body = await reader.readexactly(int(length.split(b":")[1]))
            else:
                body = b""
                while size := int(await reader.readline(), 16):
                    body += (await reader.readexactly(size + 2))[:-2]
                await reader.readline()
            bad += b"\nprobe_success 1" not in body
        writer.close()

    await asyncio.gather(*(caller() for _ in range(at_once)))
    return bad
