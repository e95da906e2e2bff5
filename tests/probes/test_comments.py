"""Comments are hidden from markers as a browser hides them from readers; scripts and JSON are left alone."""

import time

import pytest
from multidict import CIMultiDict

from monitor.probes.content import Page

CAP = 256 * 1024


def page(body, headers=()):
    return Page(200, "ent.example.fr", CIMultiDict(headers), body.encode() if isinstance(body, str) else body)


COMMENTS = [
    ("a<!-- b -->c", "ac"),
    ("a<!-- b --!>c", "ac"),
    ("a<!-->b<!--->c", "abc"),
    ("a<!---->b<!----!>c", "abc"),
    ("a<!--!> b -->c", "ac"),
    ("a<!-- b", "a"),
    ("a<!-- b <!-- c -->d -->", "ad -->"),
    ("Site <!-- -->fermé", "Site fermé"),
    ("<!--[if IE]>a<![endif]-->b<!--[if !IE]><!-->c<!--<![endif]-->d", "bcd"),
    ("<script><!-- a </script>b<!-- c -->d", "<script><!-- a </script>bd"),
    ("<SCRIPT>'<!--' + '<!--'</SCRIPT>b", "<SCRIPT>'<!--' + '<!--'</SCRIPT>b"),
    ("<script>'<!-- -->' '<!--'</script>b", "<script>'' '<!--'</script>b"),
    ("<!-- </script> a -->b", "b"),
    ("<!-- <script> --><!-- </script> a -->b", "b"),
    ("<script></script><!-- </script> a -->b", "<script></script>b"),
    ("<scripts><!-- </script> a -->b", "<scripts>b"),
]


@pytest.mark.parametrize(("text", "shown"), COMMENTS)
def test_comments_are_taken_out_where_a_browser_sees_them(text, shown):
    for wrapped in (text, f"{text}<!-- x -->"):
        assert page(f"<p>{wrapped}", headers={"Content-Type": "text/html"}).shown == f"<p>{shown}".encode()


NO_MARKUP = [
    ('{"a": "<!-- b -->"}', {}),
    ('{"a": "<!-- b -->"}', {"Content-Type": "application/problem+json"}),
    ('{"a": "<!-- b -->"}', {"Content-Type": "text/html; charset=utf-8"}),
    (' [1, "<!-- b -->"]', {"Content-Type": "text/html"}),
    ("x<!-- b -->", {"Content-Type": "image/png"}),
    ("\0x<!-- b -->", {}),
]


@pytest.mark.parametrize(("text", "headers"), NO_MARKUP)
def test_what_is_no_page_keeps_its_comments(text, headers):
    assert page(text, headers=headers).shown == text.encode()


def test_what_only_begins_as_json_has_comments():
    assert page("{x}<!-- b -->", headers={"Content-Type": "text/html"}).shown == b"{x}"


HOSTILE_COMMENTS = [
    "<!--",
    "<!-->",
    "<!-- -->",
    "<script><!--</script>",
    "<!--</script>-->",
    "<script><!---->",
    "<!",
    "--",
]


@pytest.mark.parametrize("piece", HOSTILE_COMMENTS)
@pytest.mark.parametrize("end", ["", "-->"])
def test_comments_are_taken_out_in_linear_time(piece, end):
    where = page("<p>" + piece * (CAP // len(piece)) + end, headers={"Content-Type": "text/html"})
    begin = time.process_time()
    assert where.shown is not None
    assert time.process_time() - begin < 0.5
