"""Our reader of DNS answers says what dnspython's says, and survives any bytes."""

import contextlib
from ipaddress import ip_address

import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.probes.dnswire import AAAA, MOST_ADDRESSES, A, Unreadable, question, read

LABELS = st.sampled_from(["ent", "WWW", "cdn", "a", "front"])
NAMES = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example", "fr."]))
RECORDS = st.one_of(
    st.tuples(NAMES, st.just("A"), st.ip_addresses(v=4).map(str)),
    st.tuples(NAMES, st.just("AAAA"), st.ip_addresses(v=6).map(str)),
    st.tuples(NAMES, st.just("CNAME"), NAMES),
    st.tuples(NAMES, st.just("TXT"), st.just("v=spf1")),
)


def answered(asked, rcode, records):
    query = dns.message.from_wire(b"\0\0" + asked)
    message = dns.message.make_response(query)
    message.set_rcode(rcode)
    for name, kind, value in records:
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, value))
    return message


def by_dnspython(wire):
    """Addresses at the end of the chain; None where dnspython finds no way through."""
    try:
        found = dns.message.from_wire(wire).resolve_chaining()
    except dns.exception.DNSException:
        return None
    return sorted(each.address for each in found.answer or ())


@given(NAMES, st.sampled_from([A, AAAA]), st.sampled_from([0, 2, 3, 5]), st.lists(RECORDS, max_size=8))
def test_the_same_as_dnspython(name, kind, rcode, records):
    owners = [(owner.lower(), kind) for owner, kind, _ in records]
    aliases = {owner for owner, kind in owners if kind == "CNAME"}
    if len(aliases) < sum(kind == "CNAME" for _, kind in owners) or any(
        owner in aliases and kind != "CNAME" for owner, kind in owners
    ):
        return  # forbidden by RFC 1034: each reader may choose
    asked = question(name, kind)
    wire = answered(asked, rcode, records).to_wire()
    expected = by_dnspython(wire)
    try:
        seen = read(wire[2:], asked)
    except Unreadable:
        assert expected is None
        return
    assert seen.rcode == rcode
    if expected is not None and len(expected) <= MOST_ADDRESSES:
        # Some IPv6 addresses are written in two ways.
        assert {canonical(each) for each in seen.addresses} == {canonical(each) for each in expected}


def canonical(address):
    return int(ip_address(address))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_unreadable(message):
    asked = question("nom.example.fr", A)
    with contextlib.suppress(Unreadable):
        read(message, asked)
    with contextlib.suppress(Unreadable):
        read(b"\x81\x80\0\1\0\2\0\0\0\0" + asked[10:] + message, asked)


@pytest.mark.parametrize("pointer", [b"\xc0\x0c", b"\xc0\x20", b"\xc0\xff", b"\xff\xff", b"\x3fa", b"\x80\0"])
def test_pointers_in_a_circle_end(pointer):
    asked = question("nom.example.fr", A)
    message = b"\x81\x80\0\1\0\1\0\0\0\0" + asked[10:] + b"\xc0\x20" + pointer * 300
    with pytest.raises(Unreadable):
        read(message, asked)


def test_a_question_is_what_dnspython_would_send():
    query = dns.message.from_wire(b"\x12\x34" + question("École.example.fr.", AAAA))
    assert query.question[0].to_text() == "xn--cole-9oa.example.fr. IN AAAA"
    assert query.id == 0x1234
    assert query.to_wire()[2:] == question("école.example.fr", AAAA)
    assert dns.message.from_wire(b"\0\0" + question(".", A)).question[0].name == dns.name.root


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".fr", ".".join(["abcdefgh"] * 40)])
def test_what_can_be_no_name(host):
    with pytest.raises((dns.exception.DNSException, ValueError)):
        question(host, A)
