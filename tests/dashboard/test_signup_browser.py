"""A real Chromium without JavaScript signs up at the width of a small phone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect, sync_playwright

from monitor.domain.subscriber import Purpose, token_of
from monitor.store import open_desk

from .conftest import QUIET_BROWSER, a_document
from .test_browser import opened

pytestmark = pytest.mark.browser


def test_the_form_is_filled_and_sent_without_javascript_at_320_pixels(chromium, country, serve, monkeypatch) -> None:
    monkeypatch.setenv("VIGIE_MAIL_URL", "mailto://vigie@localhost")
    monkeypatch.setenv("VIGIE_PUBLIC_URL", "https://vigie.example")
    country.publish(a_document(published=datetime.now(UTC)))
    web = serve(country.url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET_BROWSER)
        context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
        page, asked, wrong = opened(context, f"{web.url}/abonnement")
        page.get_by_label("Votre adresse électronique").fill("moi@b")  # a browser lets it pass, Vigie does not
        page.get_by_label("Une académie").select_option("A:lille")
        page.get_by_role("button", name="M’abonner").click()
        expect(page.locator("#courriel-faute")).to_be_visible()
        page.get_by_label("Votre adresse électronique").fill("moi@b.fr")
        page.get_by_role("button", name="M’abonner").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre boîte aux lettres")
        desk = open_desk(country.url)
        [one] = desk.subscribers()
        page.goto(f"{web.url}/abonnement/confirmer/{token_of(desk.secret(), Purpose.CONFIRM, one.id)}")
        page.get_by_role("button", name="Confirmer").click()
        page.get_by_role("link", name="Votre abonnement").click()
        expect(page.get_by_text("moi@b.fr")).to_be_visible()
        phone = browser.new_context(viewport={"width": 320, "height": 640})
        for url in (f"{web.url}/abonnement", f"{web.url}/vie-privee", page.url):
            narrow, _, _ = opened(phone, url)
            assert narrow.evaluate("document.documentElement.scrollWidth") <= 320, url
        page.get_by_role("button", name="Me désabonner").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait")
        assert desk.subscribers() == []
        desk.close()
        assert [line for line in wrong if "status of 4" not in line] == []
        assert [url for url in asked if not url.startswith((web.url, "data:"))] == []
        browser.close()
