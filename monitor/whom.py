"""Whom this Vigie tells: subscriptions, heads of school and their gateways, as settings and registers give them."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta

from monitor.config import Config
from monitor.config.directory_table import load_schools
from monitor.config.schools import Schools
from monitor.domain.observation import Health
from monitor.followers import Followers
from monitor.heads import PHONE, Gateways, Heads, Terms
from monitor.readership import Declared, Readership, Source
from monitor.settings import Settings
from monitor.signups import Signups
from monitor.store import DeskReader, StoreError, open_desk_reader
from monitor.wiring import Works

Secret = Callable[[str], str | None]  # the name of a variable → what it holds, or the file that it names

_NOBODY = (
    "VIGIE_MAIL_URL n’est pas défini\u00a0: aucun contact officiel d’établissement n’est prévenu (au registre\u00a0: "
    "{number}). Donnez l’adresse Apprise de votre serveur de courrier, par exemple "
    "« mailtos://utilisateur:motdepasse@smtp.example.org »."
)


def gateways(secret: Secret) -> Gateways | None:
    """What letters to heads leave by; None without a mail server. Raises ValueError, OSError."""
    mail = secret("VIGIE_MAIL_URL")
    return None if mail is None else Gateways(mail, secret("VIGIE_SMS_URL"))


def to_check(found: Gateways | None) -> dict[str, str]:
    """Addresses that stand for those of all heads, by the name of their variable: what these refuse they all refuse."""
    if found is None:
        return {}
    phone = {} if found.sms is None else {"VIGIE_SMS_URL": found.sms.replace(PHONE, "0600000000")}
    return {"VIGIE_MAIL_URL": found.mail, **phone}


def terms(settings: Settings) -> Terms:
    """What the settings say that heads are told."""
    settle = timedelta(seconds=settings.heads_settle_s)
    return Terms(Health(settings.heads_from), settle, settings.heads_national)


def heads(settings: Settings, desk: DeskReader, found: Gateways | None) -> Heads:
    """The recipients of a desk. Raises DirectoryInvalid, OSError."""
    return Heads(desk, found, terms(settings), load_schools(settings.directory).scope_of)


def declared(settings: Settings, config: Config, addresses: Mapping[str, str], seconds: Mapping[str, str]) -> Declared:
    """The catalogue's subscriptions; the directory says of what kind their schools are. Raises DirectoryInvalid."""
    asked = any(one.schools for one in config.subscriptions)
    schools = load_schools(settings.directory) if asked else Schools()
    return Declared(tuple(map(schools.known_to, config.subscriptions)), addresses, seconds)


def readership(
    settings: Settings,
    config: Config,
    addresses: Mapping[str, str],
    found: Gateways | None,
    *,
    seconds: Mapping[str, str],
    desk: DeskReader,
    public: Signups | None,
    work: Works,
) -> Readership:
    """Everybody that a monitor may tell. Raises DirectoryInvalid, OSError."""
    sources: list[Source] = [declared(settings, config, addresses, seconds)]
    if found is not None:
        sources.append(heads(settings, desk, found))
    if public is not None:
        sources.append(Followers(public))
    return Readership(sources, work)


def remarks(settings: Settings, found: Gateways | None) -> list[str]:
    """What a person who starts Vigie should know of those who are told nothing."""
    if found is not None:
        return []
    try:
        with closing(open_desk_reader(settings.database_url)) as desk:
            number, _ = desk.recipients_mark()
    except StoreError:  # whoever opens the books will say so
        return []
    return [_NOBODY.format(number=number)] if number else []
