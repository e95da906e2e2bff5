"""Bodies: decoded step by step as far as the cap, whatever they claim to be."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.observation import Failure
from monitor.probes.base import Failed
from monitor.probes.body import BODY_CAP, Body


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "": bytes, "identity": bytes, "none": bytes, "None, identity,": bytes, "gzip": gzip.compress, "X-Gzip ": gzip.compress,
    "gzip, identity": gzip.compress, "none,GZIP": gzip.compress, "deflate": zlib.compress,
}  # fmt: skip


def read(encoding, pieces, *, framed=True):
    body = Body(encoding)
    for piece in pieces:
        body.feed(piece)
    body.finish(framed=framed)
    return bytes(body.read), body.cut


def failure_of(encoding, data):
    try:
        read(encoding, [data])
    except Failed as failed:
        return failed.finding.failure
    return None


@pytest.mark.parametrize("encoding", [*PACKED, "deflate (bare)"])
@given(data=st.binary(max_size=400), step=st.integers(1, 50))
def test_whatever_the_pieces_the_body_is_the_same(encoding, data, step):
    packed = raw_deflate(data) if encoding == "deflate (bare)" else PACKED[encoding](data)
    pieces = [packed[n : n + step] for n in range(0, len(packed), step)]
    assert read(encoding.removesuffix(" (bare)"), pieces) == (data, False)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
def test_garbage_ends_in_words_of_ours_or_as_a_body(data, encoding):
    assert failure_of(encoding, data) in {None, Failure.CONTENT_UNDECODABLE}


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_unfolds_to_the_cap_and_no_further(encoding):
    body = Body(encoding)
    body.feed(PACKED[encoding](bytes(64 * 2**20)))
    assert (len(body.read), body.cut) == (BODY_CAP, True)
    body.feed(b"more")
    body.finish(framed=True)
    assert len(body.read) == BODY_CAP


def test_exactly_the_cap_is_whole():
    assert read("gzip", [gzip.compress(bytes(BODY_CAP))]) == (bytes(BODY_CAP), False)
    assert read("", [bytes(BODY_CAP)])[1] is False
    assert read("", [bytes(BODY_CAP), b"x"])[1] is True


def test_several_gzip_members_are_one_body_and_padding_is_none():
    assert read("gzip", [gzip.compress(b"un ") + gzip.compress(b"deux")]) == (b"un deux", False)
    assert read("gzip", [gzip.compress(b"un"), b"\0\0\0"]) == (b"un", False)


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, identity, gzip", "gzip, br", "nothing", "exi", "é"]
)
def test_what_was_not_asked_for_cannot_be_read(encoding):
    with pytest.raises(Failed) as failed:
        Body(encoding)
    assert failed.value.finding.failure is Failure.CONTENT_UNDECODABLE


@pytest.mark.parametrize(
    ("framed", "expected"), [(True, Failure.CONTENT_UNDECODABLE), (False, Failure.EXCHANGE_TRUNCATED)]
)
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_stream_that_stops_early_is_blamed_on_whoever_marked_the_end(encoding, framed, expected):
    packed = PACKED[encoding](b"Identifiant" * 100)
    for cut in (1, 2, len(packed) // 2, len(packed) - 5):
        with pytest.raises(Failed) as failed:
            read(encoding, [packed[:cut]], framed=framed)
        assert failed.value.finding.failure is expected


def test_an_empty_body_is_empty_whatever_it_claims():
    for encoding in PACKED:
        assert read(encoding, []) == (b"", False)
