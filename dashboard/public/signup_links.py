"""The pages behind the links of letters: confirm, manage, leave. Reading one changes nothing: mail scanners do."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import FastAPI, Request, Response

from dashboard.letterbox import Letterbox
from dashboard.public.headers import READ
from dashboard.public.intake import FORM, ONE_CLICK, body_of, form_of
from dashboard.public.press import Press, Sheet
from dashboard.public.signup import PATH, kept, said, told, worded
from dashboard.tongue import LANGUAGES, N_, _, address
from monitor.desk.signup_form import HOURS, LANGUAGE, YES, Choices, Faults, fields_of, judged
from monitor.desk.subscribers import Holder
from monitor.domain.subscriber import Purpose
from monitor.domain.window import Scope

Answer = Callable[[Request], Awaitable[Response]]

CONFIRM, CONFIRMED = N_("Confirmer l’abonnement"), N_("C’est confirmé")
MANAGE, LEAVE = N_("Votre abonnement"), N_("Se désabonner")
NO_LINK = (
    N_("Ce lien ne mène plus à rien"),
    N_(
        "Il a déjà servi, il a été mal recopié, ou ce qu’il désignait a été effacé. Pour être prévenu, demandez un "
        "nouvel abonnement\u00a0: la page «\u00a0Être prévenu\u00a0» est au bas de chaque page."
    ),
)
GONE = (
    N_("C’est fait"),
    N_("Si ce lien désignait un abonnement, il est effacé, avec l’adresse. Vigie n’y écrira plus."),
)


class Links:
    """One page a purpose, to be read; and what its button sends."""

    def __init__(self, press: Press, box: Letterbox, now: Callable[[], datetime]) -> None:
        self._press, self._box, self._now = press, box, now

    def add_to(self, site: FastAPI) -> None:
        """Their addresses."""
        for purpose, read, sent in (
            (Purpose.CONFIRM, self._to_confirm, self._confirm),
            (Purpose.MANAGE, self._manage, self._change),
            (Purpose.UNSUBSCRIBE, self._to_leave, self._leave),
        ):
            for language in LANGUAGES:
                path = address(f"{PATH}/{purpose.value}/{{token}}", language)
                site.add_api_route(path, read, methods=READ, response_model=None)
                site.add_api_route(path, sent, methods=["POST"], response_model=None)

    async def _to_confirm(self, request: Request) -> Response:
        holder = await self._held(Purpose.CONFIRM, request)
        return (
            await self._nothing()
            if holder is None
            else await self._named("signup_confirm.html", Purpose.CONFIRM, CONFIRM, holder)
        )

    async def _confirm(self, request: Request) -> Response:
        await body_of(request, (FORM,))
        holder = await self._box.confirm(request.path_params["token"], self._now())
        return (
            await self._nothing()
            if holder is None
            else await self._named("signup_done.html", Purpose.MANAGE, CONFIRMED, holder)
        )

    async def _manage(self, request: Request) -> Response:
        holder = await self._held(Purpose.MANAGE, request)
        return await self._nothing() if holder is None else await self._managed(holder)

    async def _change(self, request: Request) -> Response:
        token = request.path_params["token"]
        fields = await form_of(request)
        holder = await self._box.held(Purpose.MANAGE, token)
        if holder is None:
            return await self._nothing()
        wish = judged(fields, await self._box.choices(), email=holder.subscriber.email)
        if isinstance(wish, dict):
            return await self._managed(holder, fields, wish)
        changed = await self._box.change(token, wish)
        return await self._nothing() if changed is None else await self._managed(changed, changed=True)

    async def _to_leave(self, request: Request) -> Response:
        """Without what is followed: a catalogue that cannot be read must keep nobody in."""
        holder = await self._held(Purpose.UNSUBSCRIBE, request)
        return (
            await self._nothing()
            if holder is None
            else await self._page("signup_leave.html", Purpose.UNSUBSCRIBE, LEAVE, holder, {})
        )

    async def _leave(self, request: Request) -> Response:
        """At once, by the button of a mail program too (RFC 8058); what it sends along says nothing more."""
        await body_of(request, ONE_CLICK)
        await self._box.leave(request.path_params["token"])
        return await told(self._press, GONE, private=True)

    async def _managed(
        self,
        holder: Holder,
        typed: dict[str, str] | None = None,
        faults: Faults | None = None,
        *,
        changed: bool = False,
    ) -> Response:
        one = holder.subscriber
        now = {**fields_of(one.scope), LANGUAGE: one.language, **({HOURS: YES} if one.school_hours else {})}
        values = {"fields": now if typed is None else kept(typed), "faults": worded(faults or {}), "changed": changed}
        return await self._named("signup_manage.html", Purpose.MANAGE, MANAGE, holder, values)

    async def _named(
        self, template: str, again: Purpose, title: str, holder: Holder, values: dict[str, object] | None = None
    ) -> Response:
        choices = await self._box.choices()
        values = {"choices": choices, "what": scope_name(choices, holder.subscriber.scope), **(values or {})}
        return await self._page(template, again, title, holder, values)

    async def _page(
        self, template: str, again: Purpose, title: str, holder: Holder, values: dict[str, object]
    ) -> Response:
        """`again`: the link that leads to the same in the other language; one that confirms has served."""
        tokens = {purpose.value: token for purpose, token in holder.tokens.items()}
        sheet = Sheet(template, f"{_(title)} · Vigie", {"one": holder.subscriber, "tokens": tokens, **values})
        code = 422 if values.get("faults") else 200
        path = f"{PATH}/{again.value}/{tokens[again.value]}"
        return await said(self._press, sheet, code=code, private=True, path=path)

    async def _held(self, purpose: Purpose, request: Request) -> Holder | None:
        return await self._box.held(purpose, request.path_params["token"])

    async def _nothing(self) -> Response:
        return await told(self._press, NO_LINK, code=404, private=True)


def scope_name(choices: Choices, scope: Scope) -> str:
    """What people call a scope, in the language that is spoken: ``Académie : Lille``."""
    kind, _apart, name = choices.name(scope).partition("\u00a0: ")
    return _("{kind}\u00a0: {name}").format(kind=_(kind), name=name)
