"""Badges and fragments: word, shape and colour, the age of the data, and nothing from outside unescaped."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from dashboard.model import read_view
from dashboard.public.badges import NAME_MOST, POLICY, STALE_WORD, STYLES, badge, badges_to_keep
from dashboard.theme import DARK, LIGHT, contrast, mark_on
from dashboard.wording import HEALTHS
from monitor.domain.observation import Health

from .conftest import a_document, as_bytes, until

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"><script>alert(1)</script>&\u202e'
VIEW = read_view(as_bytes(a_document()))
FRESH = timedelta(seconds=12)


def drawn(name: str = "Pix", health: Health = Health.UP, view=VIEW, age: timedelta = FRESH) -> ET.Element:
    return ET.fromstring(badge(name, health, view, age))


def words(root: ET.Element) -> list[str]:
    return [one.text.replace("\u00a0", " ") for one in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("health", Health)
def test_a_state_is_a_word_a_shape_and_a_colour(health):
    root = drawn(health=health)
    assert words(root) == [HEALTHS[health].fr, "Pix"]
    assert root.get("role") == "img"
    labelled = [root.find(f".//*[@id='{one}']") for one in root.get("aria-labelledby").split()]
    assert [one.tag for one in labelled] == [f"{SVG}title", f"{SVG}desc"]
    assert labelled[0].text == f"Pix, {HEALTHS[health].fr.lower()}"
    assert labelled[1].text == "Mesuré il y a moins d’une minute par Vigie."
    style = root.findtext(f"{SVG}style")
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in POLICY
    for palette in (LIGHT, DARK):
        tint = palette.states[health]
        assert tint.ink in style
        assert contrast(tint.ink, palette.paper) >= 4.5
        assert mark_on(palette, health) in style


def test_no_two_states_are_drawn_alike():
    shapes = {health: ET.tostring(drawn(health=health).find(f"{SVG}g")) for health in Health}
    assert len(set(shapes.values())) == len(Health)
    assert len(set(STYLES.values())) == len(Health)


def test_what_is_old_says_so_and_shows_no_state():
    assert words(drawn(health=Health.DOWN, age=timedelta(seconds=180)))[0] == "En panne"
    old = drawn(health=Health.DOWN, age=timedelta(seconds=181))
    assert words(old) == [STALE_WORD, "Pix"]
    assert "il y a 3 minutes" in old.findtext(f"{SVG}desc").replace("\u00a0", " ")
    assert LIGHT.states[Health.DOWN].ink not in old.findtext(f"{SVG}style")
    never = read_view(as_bytes(a_document(measured_at=None)))
    assert words(drawn(view=never))[0] == STALE_WORD


def test_a_badge_kept_as_a_file_shows_of_which_hour_it_is():
    kept = dict(badges_to_keep(VIEW, VIEW.published_at + FRESH))
    root = ET.fromstring(kept["badge/ent-hdf.svg"])
    assert words(root) == ["File d’attente le 24/11 à 10 h 15", "ENT Hauts-de-France"]
    about = root.findtext(f"{SVG}desc").replace("\u00a0", " ")
    assert about == "Mesuré le mardi 24 novembre 2026 à 10 h 15 par Vigie."
    assert "badge/academie/lille.svg" in kept
    old = dict(badges_to_keep(VIEW, VIEW.published_at + timedelta(minutes=9)))
    assert words(ET.fromstring(old["badge/ent-hdf.svg"]))[0] == STALE_WORD


def test_names_from_outside_are_inert_and_short():
    text = badge(EVIL + "x" * 500, Health.UP, VIEW, FRESH)
    assert "<script" not in text
    assert "\u202e" not in text
    assert max(map(len, words(ET.fromstring(text)))) in {NAME_MOST, NAME_MOST + 1}
    assert float(ET.fromstring(text).get("width")) < 500
    rehearsed = read_view(as_bytes(a_document(rehearsal="2021-04-06")))
    assert words(drawn(view=rehearsed))[0].startswith("RÉPÉTITION")


def test_a_badge_is_served_under_a_policy_that_lets_it_be_shown_anywhere(open_web, open_country):
    open_country.publish(a_document(published=datetime.now(UTC)))
    assert until(lambda: open_web.get("/api/v1/status")[2] == open_country.published[-1])
    code, headers, body = open_web.get("/badge/ent-hdf.svg")
    assert (code, headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    assert headers["content-security-policy"] == POLICY
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "public, max-age=30"
    assert "File d’attente" in body.decode()
    assert open_web.get("/badge/ent-hdf.svg", If_None_Match=headers["etag"])[0] == 304
    assert "Académie" in open_web.get("/badge/academie/lille.svg")[2].decode()
    for unknown in ("/badge/nothing.svg", "/badge/academie/nowhere.svg", "/badge/ent-hdf", "/badge/.svg"):
        assert open_web.get(unknown)[0] == 404


def test_a_fragment_stands_in_any_frame_and_runs_nothing(open_web):
    for path, name in (("/integrer/service/ent-hdf", "ENT Hauts-de-France"), ("/integrer/academie/lille", "Lille")):
        code, headers, body = open_web.get(path)
        assert code == 200
        assert "frame-ancestors *" in headers["content-security-policy"]
        assert "script" not in headers["content-security-policy"]
        text = body.decode()
        assert name in text
        assert "<script" not in text
        assert "x-frame-options" not in headers
        assert headers["refresh"] == "60"
        assert all('target="_blank" rel="noopener"' in link for link in re.findall(r"<a [^>]*>", text))
    assert open_web.get("/integrer/service/nothing")[0] == 404


def test_pages_give_the_line_to_copy(open_web):
    for page, path in (("/service/ent-hdf", "service/ent-hdf"), ("/academie/lille", "academie/lille")):
        text = open_web.get(page)[2].decode()
        assert f'&lt;iframe src="https://vigie.example/integrer/{path}"' in text
        shown = re.search(r'src="(/badge/[^"]+\.svg)"', text)[1]
        assert open_web.get(shown)[0] == 200
