"""`vigie recipients`: the official contacts of schools and the public's subscribers, kept in the desk book."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor import app, terminal
from monitor.commands.base import FINE, NO, Format, Shape, err, explained, out
from monitor.commands.people_table import aligned, subscribers_table
from monitor.commands.trial import recipients_test
from monitor.commands.usage import Commands
from monitor.config.problem import quoted, typeset
from monitor.config.recipients_list import read_contacts
from monitor.config.territories import uai_prefixes
from monitor.config.uai import uai_fault
from monitor.desk.recipients import forget, kept_about, planned, shown, take
from monitor.domain.plain import plain
from monitor.domain.recipient import Change, Contact, Merge, Recipient, masked_email, masked_phone
from monitor.domain.subscriber import Subscriber
from monitor.store import open_desk_reader

recipients = typer.Typer(cls=Commands, help="Les contacts officiels, et les abonnés du public.", no_args_is_help=True)

recipients.command("test")(recipients_test)

Show = Annotated[bool, typer.Option("--show", help="Les adresses en entier, au lieu de masquées.")]


@recipients.command("import")
@explained
def recipients_import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.csv", help="Colonnes uai, name, email, phone[, language].")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Montrer ce qui changerait, sans rien écrire.")] = False,
    show: Show = False,
) -> int:
    """Contrôler une liste de contacts et la fondre dans ceux qui sont gardés ; en cas d’erreur rien n’est écrit."""
    read = read_contacts(file)
    url, contacts = app.settings().database_url, read.contacts
    found = planned(url, contacts) if dry_run else take(url, contacts, app.clock())
    if read.ignored:
        titles = ", ".join(quoted(one) for one in read.ignored)
        err.print(typeset(f"Colonnes dont Vigie ne garde rien : {titles}."), style="yellow")
    if dry_run:
        for line in (*(_addition(one, show) for one in found.added), *(_change(one, show) for one in found.changed)):
            out.print(typeset(line))
    for sentence in (*_counts(found), *(("Essai : rien n’est écrit.",) if dry_run else ())):
        out.print(typeset(sentence))
    return FINE


@recipients.command("list")
@explained
def recipients_list(
    uai: Annotated[list[str] | None, typer.Option("--uai", metavar="CODE", help="De cet établissement.")] = None,
    show: Show = False,
    shape: Format = Shape.TABLE,
) -> int:
    """Les contacts et les abonnés gardés, adresses masquées."""
    uais = [code.strip().upper() for code in uai or ()]
    if faults := [fault for code in uais if (fault := uai_fault(code, frozenset(uai_prefixes())))]:
        raise ValueError("\n".join(typeset(f"--uai : {what} → {mend.replace('U:', '')}") for what, mend in faults))
    with closing(open_desk_reader(app.settings().database_url)) as desk:
        found = [shown(one, masked=not show) for one in desk.recipients(uais)]
        signed = [shown(one, masked=not show) for one in desk.subscribers() if _asked_for(one, uais)]
    if shape is Shape.JSON:
        print(json.dumps([plain(one) for one in (*found, *signed)], ensure_ascii=False, indent=1))
        return FINE
    if found:
        out.print(_table(found))
    elif not signed:
        out.print("Aucun contact n’est gardé" + (" pour ces établissements." if uais else "."))
    if signed:
        out.print(subscribers_table(signed))
    return FINE


@recipients.command("forget")
@explained
def recipients_forget(
    what: Annotated[str, typer.Argument(metavar="ADRESSE|NUMÉRO", help="Une adresse, ou un numéro vu par « list ».")],
) -> int:
    """Effacer du registre tout ce qui y est gardé d’une adresse, dans tous les établissements."""
    found = forget(app.settings().database_url, what)
    for one in found:
        whose = "abonné" if isinstance(one, Subscriber) else one.uai
        out.print(typeset(f"{whose} : {masked_email(one.email)} effacé."))
    if any(isinstance(one, Recipient) for one in found):
        out.print("Une liste importée plus tard, si elle porte encore cette adresse, la ferait revenir.")
    return FINE


@recipients.command("export")
@explained
def recipients_export(
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="Une adresse, ou un numéro vu par « list ».")],
) -> int:
    """Tout ce qui est gardé d’une adresse, en JSON. Code 1 si rien ne l’est."""
    found = kept_about(app.settings().database_url, address)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return FINE if found else NO


def _counts(found: Merge) -> Iterable[str]:
    yield (
        f"Contacts ajoutés : {len(found.added)} ; modifiés : {len(found.changed)} ; inchangés : {len(found.unchanged)}."
    )
    if found.absent:
        yield (
            f"Contacts gardés que le fichier ne nomme pas : {len(found.absent)}. Ils restent ; "
            "« vigie recipients forget » en efface un."
        )


def _addition(one: Contact, show: bool) -> str:
    words = [one.uai, one.name, one.email if show else masked_email(one.email), _phone(one.phone, show)]
    return "ajouté : " + ", ".join(word for word in (*words, one.language) if word)


def _change(one: Change, show: bool) -> str:
    before, after = one.before, one.after
    said = []
    if before.name != after.name:
        said.append(f"nom « {before.name} » → « {after.name} »")
    if before.phone != after.phone:
        said.append(f"téléphone {_phone(before.phone, show) or 'aucun'} → {_phone(after.phone, show) or 'aucun'}")
    if before.language != after.language:
        said.append(f"langue {before.language} → {after.language}")
    email = after.email if show else masked_email(after.email)
    return f"modifié : {after.uai}, {email} : {' ; '.join(said)}"


def _phone(phone: str | None, show: bool) -> str | None:
    return phone if phone is None or show else masked_phone(phone)


def _asked_for(one: Subscriber, uais: Sequence[str]) -> bool:
    return not uais or one.scope.name in {f"U:{uai}" for uai in uais}


def _table(found: Iterable[Recipient]) -> str:
    rows = [("Numéro", "UAI", "Nom", "Adresse", "Téléphone", "Langue", "Depuis le")]
    for one in found:
        since = f"{one.added_at.astimezone(terminal.PARIS):%d/%m/%Y}"
        rows.append((one.id, one.uai, one.name, one.email, one.phone or "", one.language, since))
    return aligned(rows)
