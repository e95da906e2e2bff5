"""Kind `tcp`, and what the errors of several addresses add up to."""

import asyncio
import errno
import gc
import resource
import socket
import struct
import warnings
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.catalog import Probe, ProbeKind
from monitor.domain.observation import Failure
from monitor.domain.policy import Policy
from monitor.probes.classify import of_connect


def port_of(host, port, timeout=0.3):
    return Probe("a/b", "a", ProbeKind.TCP, Policy(timeout=timedelta(seconds=timeout)), host=host, port=port)


async def test_an_open_port(stage, make):
    server = await stage.serve(make.response(b""))
    seen = await (await stage.prober()).ask(port_of("127.0.0.1", server.port))
    assert (seen.failure, seen.address) == (None, "127.0.0.1")
    assert seen.phases.connect > timedelta()
    assert seen.phases.tls is None


async def test_over_ipv6(stage, make):
    server = await stage.serve(make.response(b""), host="::1")
    seen = await (await stage.prober()).ask(port_of("::1", server.port))
    assert (seen.failure, seen.address) == (None, "::1")


async def test_a_closed_port(stage):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        seen = await (await stage.prober()).ask(port_of("127.0.0.1", free.getsockname()[1]))
    assert seen.failure is Failure.CONNECT_REFUSED


@pytest.mark.parametrize("kind", [ProbeKind.TCP, ProbeKind.TLS, ProbeKind.HTTP])
async def test_a_reset_right_after_the_connection(stage, make, kind):
    loop = asyncio.get_running_loop()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)

        def reset_after_a_round():
            taken, _ = listener.accept()
            # The prober's `connect` is told in this round of the loop; it looks at its socket in the next one, after us.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            loop.call_soon(taken.close)

        loop.add_reader(listener, reset_after_a_round)
        host, port = listener.getsockname()
        probe = port_of(host, port, timeout=2) if kind is ProbeKind.TCP else make.http(f"http://{host}:{port}/")
        probe = probe if kind is not ProbeKind.TLS else replace(port_of(host, port, timeout=2), kind=kind)
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", ResourceWarning)
                seen = await (await stage.prober()).ask(probe)
                gc.collect()
        finally:
            loop.remove_reader(listener)
    assert seen.failure is Failure.CONNECT_RESET, seen
    assert not [str(each.message) for each in caught if "socket" in str(each.message)]


async def test_without_a_port_it_is_our_fault(stage):
    assert (await (await stage.prober()).ask(port_of("127.0.0.1", None))).failure is Failure.OURS_POLICY


async def test_the_second_address_is_tried_when_the_first_refuses(stage, make, names):
    server = await stage.serve(make.response(b""))
    names.zone["deux.example.fr"] = ["::1", "127.0.0.1"]
    seen = await (await stage.prober(resolvers=(names.address,))).ask(port_of("deux.example.fr", server.port))
    assert (seen.failure, seen.address) == (None, "127.0.0.1")


async def test_no_route_for_one_family_does_not_hide_a_refusal_by_the_other(stage, names):
    # aiohappyeyeballs then raises an OSError without any errno.
    names.zone["deux.example.fr"] = ["fe80::1", "127.0.0.1"]
    prober = await stage.prober(resolvers=(names.address,), allow_networks=("127.0.0.0/8", "fe80::/10"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        seen = await prober.ask(port_of("deux.example.fr", free.getsockname()[1]))
    assert seen.failure is Failure.CONNECT_REFUSED, seen


ERRNOS = {
    errno.ECONNREFUSED: Failure.CONNECT_REFUSED, errno.ETIMEDOUT: Failure.CONNECT_TIMEOUT, errno.ECONNRESET: Failure.CONNECT_RESET,
    errno.ENETUNREACH: Failure.CONNECT_UNREACHABLE, errno.EHOSTUNREACH: Failure.CONNECT_UNREACHABLE,
    errno.EMFILE: Failure.OURS_STALLED, errno.ENFILE: Failure.OURS_STALLED, errno.ENOMEM: Failure.OURS_STALLED,
    errno.EPERM: Failure.OURS_POLICY, errno.EXDEV: Failure.OURS_BUG,
}  # fmt: skip


@pytest.mark.parametrize("number", ERRNOS)
def test_errnos(number):
    assert of_connect(OSError(number, "x"))[0] is ERRNOS[number]


def test_of_several_tries_the_furthest_tells():
    tries = [OSError(errno.ENETUNREACH, "x"), OSError(errno.ETIMEDOUT, "x"), OSError(errno.ECONNREFUSED, "x")]
    assert of_connect(OSError("Multiple exceptions"), tries)[0] is Failure.CONNECT_REFUSED
    assert of_connect(OSError("Multiple exceptions"), tries[:2])[0] is Failure.CONNECT_TIMEOUT
    assert of_connect(OSError("Multiple exceptions"), [tries[0], OSError(errno.EMFILE, "x")])[0] is Failure.OURS_STALLED


async def test_exhausted_file_descriptors_are_ours(stage, make):
    server = await stage.serve(make.response(b"ok"))
    prober = await stage.prober()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    taken = []
    try:
        while True:
            try:
                taken.append(socket.socket())
            except OSError:
                break
        seen = await prober.ask(make.http(server.url()))
    finally:
        for sock in taken:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert seen.failure is Failure.OURS_STALLED


async def test_nothing_stays_open_behind_a_question(stage):
    closed = asyncio.Event()

    async def wait_for_the_end(reader, writer):
        await reader.read()
        closed.set()
        writer.close()

    listener = await asyncio.start_server(wait_for_the_end, "127.0.0.1", 0)
    await (await stage.prober()).ask(port_of("127.0.0.1", listener.sockets[0].getsockname()[1]))
    await asyncio.wait_for(closed.wait(), 60)
    listener.close()
