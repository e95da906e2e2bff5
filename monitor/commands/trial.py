"""`vigie recipients test`: one marked message to somebody, now, and what the gateway answered."""

import asyncio
import os
from contextlib import closing
from functools import partial
from typing import Annotated

import typer

from monitor import app, whom
from monitor.addresses import secret
from monitor.alerting import Message, Outcome, Sender
from monitor.alerting.sample import sample
from monitor.alerting.schemes import refusal, scheme_of
from monitor.commands.base import FINE, NO, ConfigFile, explained, out
from monitor.config.problem import typeset
from monitor.domain.recipient import Recipient, concerned, masked_email
from monitor.settings import Settings
from monitor.store import DatabaseMissing, open_desk_reader

Destination = tuple[str, str, str]  # as people may read it, Apprise URL (a secret), language


@explained
def recipients_test(
    who: Annotated[str, typer.Argument(metavar="NUMÉRO|ABONNEMENT", help="Un contact de « list », ou un abonnement.")],
    config: ConfigFile = None,
) -> int:
    """Envoyer maintenant un message marqué « essai » et dire ce que la passerelle a répondu ; 1 si elle refuse."""
    shown, url, language = _destination(app.settings(config=config), who.strip())
    if words := refusal(url):
        raise ValueError(f"{shown} : {words}")
    letter = sample(language, app.clock())
    outcome = asyncio.run(_sent(Message("essai", url, letter.title, letter.body)))
    out.print(typeset(f"Message d’essai à {shown} : {outcome.words}"))
    return FINE if outcome.delivered else NO


async def _sent(message: Message) -> Outcome:
    sender = Sender()
    await sender.start()
    try:
        return await sender.send(message)
    finally:
        await sender.close()


def _destination(settings: Settings, who: str) -> Destination:
    """Where a subscription of the catalogue or a contact of the desk is reached. Raises ValueError with the mend."""
    known = partial(secret, environment=os.environ)
    found = next((one for one in app.configured(settings).subscriptions if one.id == who), None)
    if found is not None:
        url = known(found.to_env)
        if url is None:
            raise ValueError(typeset(f"Abonnement {who} : {found.to_env} n’est pas défini, personne n’est prévenu."))
        return f"l’abonnement {who} ({scheme_of(url)}://…)", url, found.language
    one = _contact(settings, who)
    gateways = whom.gateways(known)
    if gateways is None:
        mend = "Donnez l’adresse Apprise de votre serveur de courrier (mailtos://…)."
        raise ValueError(typeset(f"VIGIE_MAIL_URL n’est pas défini : aucun contact n’est prévenu. {mend}"))
    return f"{masked_email(one.email)} ({one.uai})", gateways.by_mail(one), one.language


def _contact(settings: Settings, who: str) -> Recipient:
    try:
        with closing(open_desk_reader(settings.database_url)) as desk:
            found = concerned(desk.recipients(), who)
    except DatabaseMissing:  # a subscription can be tried before there is any book
        found = ()
    if not found:
        mend = "« vigie recipients list » montre les numéros, le catalogue nomme les abonnements."
        raise ValueError(typeset(f"Ni contact ni abonnement de ce nom. {mend}"))
    return found[0]
