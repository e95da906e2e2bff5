"""`/abonnement`: the form by which anybody asks to be told, and its one answer for every address."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic

from fastapi import FastAPI, Request, Response

from dashboard.letterbox import Letterbox
from dashboard.public.headers import HTML, POLICY, READ
from dashboard.public.intake import Doorman, form_of, source_of
from dashboard.public.press import Press, Sheet
from dashboard.tongue import FRENCH, LANGUAGES, N_, _, address, elsewhere, spoken
from monitor.desk.signup_form import EMAIL, LANGUAGE, SCHOOL, Choices, Faults, judged

PATH = "/abonnement"
ANSWER_AFTER_S = 0.4  # whatever was found: how long it took would tell whether an address was known
TITLE = N_("Être prévenu")
ASKED = (
    N_("Regardez votre boîte aux lettres"),
    N_(
        "Si cette adresse n’est pas déjà inscrite, un message vient d’y être envoyé\u00a0: ouvrez le lien qu’il "
        "contient pour confirmer. Un seul message part par adresse et par jour\u00a0; sans confirmation, tout est "
        "effacé après 7\u00a0jours."
    ),
)
NO_SCHOOL = N_("Ce n’est pas le code UAI d’un établissement\u00a0: sept chiffres et une lettre, par exemple 0590001F.")
TOO_MANY = (
    N_("Trop de demandes en ce moment"),
    N_("Vigie n’en prend qu’un certain nombre par heure. Rien n’a été enregistré\u00a0: réessayez dans une heure."),
)


def add_signup(site: FastAPI, press: Press, box: Letterbox, now: Callable[[], datetime]) -> None:
    """The two ways of `/abonnement`: read, and sent."""
    doorman = Doorman(monotonic)

    async def form(request: Request) -> Response:
        if not box.writes:
            return await said(press, Sheet("signup_closed.html", _(TITLE)))
        return await _form(press, await box.choices(), dict(request.query_params))  # pages propose what they are about

    async def sent(request: Request) -> Response:
        began = monotonic()
        if not box.writes:
            return await said(press, Sheet("signup_closed.html", _(TITLE)), code=503)
        if not doorman.admits(source_of(request)):
            return await told(press, TOO_MANY, code=429)
        fields = await form_of(request)
        choices = await box.choices()
        wish = judged(fields, choices)
        if isinstance(wish, dict):
            return await _form(press, choices, fields, wish)
        taken = await box.sign_up(wish, now())
        await asyncio.sleep(began + ANSWER_AFTER_S - monotonic())
        return await told(press, ASKED) if taken else await told(press, TOO_MANY, code=429)

    for language in LANGUAGES:
        site.add_api_route(address(PATH, language), form, methods=READ, response_model=None)
        site.add_api_route(address(PATH, language), sent, methods=["POST"], response_model=None)


async def _form(press: Press, choices: Choices, fields: Mapping[str, str], faults: Faults | None = None) -> Response:
    faults = worded(faults or {})
    values = {"choices": choices, "fields": kept(fields), "faults": faults, "EMAIL": EMAIL}
    title = _("Erreur\u00a0: {title}").format(title=_(TITLE)) if faults else _(TITLE)
    return await said(press, Sheet("signup.html", f"{title} · Vigie", values), code=422 if faults else 200, path=PATH)


def worded(faults: Faults) -> Faults:
    """The sentences of faults in the language that is spoken. Those about the code of a school quote it, in French."""
    return {name: _(NO_SCHOOL) if name == SCHOOL and spoken() != FRENCH else _(text) for name, text in faults.items()}


def kept(fields: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed, to be shown in its fields again: escaped there, and no longer than an address may be."""
    shown = {name: value[:254] for name, value in fields.items()}
    return {LANGUAGE: spoken()} | shown if LANGUAGE not in shown else shown


async def told(press: Press, words: tuple[str, str], *, code: int = 200, private: bool = False) -> Response:
    """A page that says one thing."""
    sheet = Sheet("message.html", _(words[0]), {"sentence": _(words[1])})
    return await said(press, sheet, code=code, private=private)


async def said(
    press: Press, sheet: Sheet, *, code: int = 200, private: bool = False, path: str | None = None
) -> Response:
    """A page that is never kept; one that is `private` is for the holder of its address alone.

    `path`: its French address, where the same can be read in the other language.
    """
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Content-Language": spoken()}
    if private:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    other = None if path is None else elsewhere(address(path, spoken()))
    return Response(await press.once(sheet, other), code, headers, HTML)
