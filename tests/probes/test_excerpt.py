"""Excerpts: what a page shows, short, clean and without anything that names a person or opens a door."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.probes.excerpt import LENGTH, excerpt

HTML = "text/html; charset=utf-8"


def shown(inner, kind=HTML):
    return excerpt(f"<!doctype html><body>{inner}</body>", kind)


SHOWN = {
    "<h1>Le site n’est pas&nbsp;disponible</h1><p>Revenez   plus tard.</p>": "Le site n’est pas disponible Revenez plus tard.",
    "<script>var a='secret'</script>ici<style>p{}</style><noscript>non</noscript>": "ici",
    "<SCRIPT type=x>if (a < b) '</p>'</SCRIPT >ici": "ici",
    "a<!-- caché <b> -->b": "a b",
    '<a title="caché > encore" href=x>lien</a>': "lien",
    "<p>1 < 2 &lt;b&gt;</p>": "1 < 2 <b>",
    "<textarea>caché</textarea><template>caché</template>vu": "vu",
    "vu<script>jamais fermé": "vu",
    "<script src=x/>caché</script>vu <svg/>aussi": "vu aussi",
    "vu<!-- jamais fermé": "vu",
    "vu<a href='jamais fermé": "vu",
    "z\u200be\u202er\u2066o\x00\x07\ufeff\u00ad": "zero",
    "m’écrire : jean.dupont@example.fr ou 06 12 34 56 78": "m’écrire : […] ou […]",
    "dossier 123456 du 6 avril 2021 à 8 h 30": "dossier […] du 6 avril 2021 à 8 h 30",
    "https://ent.fr/x?ticket=ST-1&amp;a=b suite": "https://ent.fr/x[…] suite",
    "jeton : eyJhbGciOi.eyJzdWIi.c2ln fin": "[…] fin",
    "0123456789abcdef0123456789abcdef fin": "[…] fin",
    "１２３４５６ fin": "[…] fin",
}


@pytest.mark.parametrize("page", SHOWN)
def test_what_is_shown(page):
    assert shown(page) == SHOWN[page]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"jetonCAS": "abc"}', "application/json"), ('{"jetonCAS": "abc"}', HTML), ('\ufeff [{"a": 1}]', HTML),
        ("<a>x</a>", "application/json"), ("<a>x</a>", "text/plain"), ("<a>x</a>", "image/svg+xml"), ("du texte", ""), ("", HTML),
        ("<script>x</script>", HTML),
    ],
)  # fmt: skip
def test_what_is_no_page_or_shows_nothing_gives_none(text, kind):
    assert excerpt(text, kind) is None


SECRETS = st.one_of(
    st.text("0123456789", min_size=6, max_size=30),
    st.text("0123456789abcdef", min_size=20, max_size=64),
    st.text("ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789+/_-=", min_size=20, max_size=200),
    st.tuples(st.text("abcdef.-", min_size=1, max_size=20), st.text("abcdef.", min_size=1, max_size=20)).map("@".join),
)


@given(SECRETS, st.text(max_size=60))
def test_no_secret_survives_at_any_place(secret, before):
    page = f"<p>{'mot ' * (len(before) % 130)}</p><i>{secret}</i>"
    assert secret not in (shown(page) or "")


@given(st.text(max_size=3000), st.sampled_from(["", "<", "<script>", "<!--", "<a b='"]))
def test_of_any_text_only_clean_short_words_remain(text, before):
    found = shown(before + text)
    if found is not None:
        assert 0 < len(found) <= LENGTH
        assert not [sign for sign in found if unicodedata.category(sign).startswith("C")]
        assert "\u2028" not in found
        assert found == found.strip()


HOSTILE = ["<" * 262_144, "<a" * 131_072, "<!--" * 65_536, "<script>" * 32_768, "<a '" * 65_536, "@" * 262_144, "a@" * 131_072,
           "&#x26;" * 43_690, "<svg></svg" * 26_214, "a" * 262_144, "0 " * 131_072, "?a=" * 87_381, "\ufdfa" * 87_381,
           "<p>x</p>" * 32_768, "1a-" * 87_381]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:10])
def test_hostile_pages_cost_little(text):
    began = time.perf_counter()
    shown(text)
    assert time.perf_counter() - began < 0.25
