"""Views drawn from their addresses: kept for a moment, once for all who ask, and a sentence where there is no answer."""

import asyncio
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from dash import html

from dashboard.carte_address import address
from dashboard.data import Data, DatabaseReader
from dashboard.pages.carte import VIEWS
from dashboard.pages.studio import NOT_NOW, Studio
from dashboard.pages.view import WORD_MOST, Asking, Books, Unanswerable, View, words_of
from dashboard.reading import Patience

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


class Drawer:
    """A view that counts, and waits where it is told to."""

    def __init__(self) -> None:
        self.asked: list[Asking] = []
        self.may = Event()
        self.may.set()

    def draw(self, asked: Asking) -> Sequence[Any]:
        self.asked.append(asked)
        self.may.wait(5)
        if "faux" in asked.words:
            raise Unanswerable("Pas comme cela.")
        if "bogue" in asked.words:
            raise RuntimeError("a secret of ours")
        return [html.H1("Le sien"), html.P("x")] if "titre" in asked.words else [html.P("x")]


def studio_of(drawer: Drawer, tmp_path: Path, patience: Patience | None = None) -> Studio:
    url = f"sqlite:///{tmp_path}/none.db"
    view = View("essai", "Essai", drawer.draw)
    given = {} if patience is None else {"patience": patience}
    return Studio({"essai": view}, Data(DatabaseReader(url)), Books(url), lambda: NOW, **given)


def said(told: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(type(one).__name__, one.children) for one in told["children"]]


async def test_a_view_is_drawn_once_for_the_same_words_whatever_their_order(tmp_path: Path):
    drawer = Drawer()
    studio = studio_of(drawer, tmp_path)
    told = await studio.show("essai", "?b=2&a=1&vide=&a=3")
    assert (told["name"], told["title"], said(told)) == ("essai", "Essai", [("H1", "Essai"), ("P", "x")])
    assert await studio.show("essai", "a=1&b=2") == told
    assert [dict(one.words) for one in drawer.asked] == [{"b": "2", "a": "1"}]
    assert (drawer.asked[0].view, drawer.asked[0].now) == (None, NOW)
    assert said(await studio.show("essai", "?titre=1"))[0] == ("H1", "Le sien")


async def test_two_questions_that_read_alike_are_two(tmp_path: Path):
    drawer = Drawer()
    studio = studio_of(drawer, tmp_path)
    for search in ("?a=b%3Dtitre", "?a%3Db=titre", "?a=1&b=2", "?a=1%26b%3D2"):
        await studio.show("essai", search)
    assert len(drawer.asked) == 4


async def test_many_who_ask_at_once_cause_one_drawing(tmp_path: Path):
    drawer = Drawer()
    studio = studio_of(drawer, tmp_path)
    drawer.may.clear()
    crowd = [asyncio.create_task(studio.show("essai", "?a=1")) for _ in range(20)]
    while not drawer.asked:
        await asyncio.sleep(0.01)
    drawer.may.set()
    assert len({str(one) for one in await asyncio.gather(*crowd)}) == 1
    assert len(drawer.asked) == 1


async def test_what_cannot_be_drawn_is_a_sentence_and_tells_nothing_of_ours(tmp_path: Path, caplog: Any):
    studio = studio_of(Drawer(), tmp_path)
    assert said(await studio.show("essai", "?faux=1")) == [("H1", "Essai"), ("P", "Pas comme cela.")]
    with caplog.at_level(logging.WARNING):
        told = await studio.show("essai", "?bogue=1")
    assert said(told)[1] == ("P", NOT_NOW)
    assert "a secret of ours" in caplog.text
    await studio.show("essai", "?bogue=2")
    assert caplog.text.count("Une vue n’a pas pu être dessinée") == 1  # the same trouble is told once a minute
    for name in ("rien", None, 3, {"a": 1}):
        assert said(await studio.show(name, ""))[1] == ("P", "Cette vue n’existe pas.")


async def test_a_view_that_takes_too_long_is_given_up(tmp_path: Path):
    drawer = Drawer()
    drawer.may.clear()
    told = await studio_of(drawer, tmp_path, Patience(first=0.1, known=0.1, reading=0.1)).show("essai", "")
    drawer.may.set()
    assert said(told)[1] == ("P", NOT_NOW)


def test_words_are_cut_and_bounded():
    assert words_of(None) == {}
    assert words_of(f"?a={'x' * 900}&b=+c+") == {"a": "x" * WORD_MOST, "b": "c"}
    assert words_of("?a=\ud800b") == {"a": "?b"}  # what JSON can say and no database can be asked by
    with pytest.raises(Unanswerable, match="trop de choses"):
        words_of("&".join(f"a{n}=1" for n in range(50)))


def test_an_address_leaves_out_what_says_nothing():
    assert address() == "/carte/"
    assert address("service", {"id": "ent-hdf", "sur": ""}) == "/carte/service?id=ent-hdf"
    assert address("", {"territoire": "A:lille"}) == "/carte/?territoire=A:lille"
    assert words_of(address("x", {"q": "a&b=c é"}).partition("?")[2]) == {"q": "a&b=c é"}


def test_every_view_has_a_place_of_its_own():
    for name, view in VIEWS.items():
        assert (view.name, address(name)) == (name, f"/carte/{name}")
        assert re.fullmatch("[a-z]+", name)
        assert view.title.strip()
