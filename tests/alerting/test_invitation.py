"""The letter that asks to confirm, and what stands below each letter to the public."""

from dataclasses import replace

import pytest

from monitor.alerting.invitation import invitation, postscript
from monitor.domain.subscriber import Subscriber, links
from monitor.domain.window import Scope, ScopeKind
from tests.domain.small import T0

ONE = Subscriber("s1", "a@b.fr", Scope(ScopeKind.TERRITORY, "A:orleans-tours"), "fr", school_hours=False, asked_at=T0)
WAYS = links("secret", "https://vigie.example", "s1")
CONFIRM, MANAGE, LEAVE = WAYS.values()


def test_in_french(catalog) -> None:
    letter = invitation(ONE, catalog)
    assert letter.title == "Vigie\u00a0: confirmez votre abonnement"
    assert letter.body.replace("\u00a0", " ") == (
        "Quelqu’un, sans doute vous, a demandé que Vigie écrive à cette adresse quand un service numérique de l’école ne "
        "répond plus.\n\n"
        "Ce qui serait suivi : académie d’Orléans-Tours.\n\n"
        "Tant que vous n’avez pas confirmé, rien d’autre ne vous sera envoyé.\n\n"
        "Vigie, mesure indépendante des services numériques des établissements scolaires.\n"
    )
    assert postscript(ONE, WAYS).replace("\u00a0", " ") == (
        f"\nPour confirmer, ouvrez cette page et appuyez sur le bouton (7 jours au plus) :\n{CONFIRM}\n\n"
        "Si vous n’avez rien demandé, ne faites rien : l’adresse sera effacée dans 7 jours. Pour l’effacer tout de "
        f"suite :\n{LEAVE}\n"
    )
    assert postscript(replace(ONE, confirmed_at=T0), WAYS).replace("\u00a0", " ") == (
        f"\nVotre abonnement : {MANAGE}\nNe plus rien recevoir : {LEAVE}\n"
    )


def test_in_english(catalog) -> None:
    one = replace(ONE, language="en", scope=Scope(ScopeKind.SERVICE, "ent-x"))
    letter = invitation(one, catalog)
    assert letter.title == "Vigie: confirm your subscription"
    assert "What would be followed: Mon ENT X." in letter.body
    assert f"(within 7 days):\n{CONFIRM}\n" in postscript(one, WAYS)
    assert postscript(replace(one, confirmed_at=T0), WAYS) == f"\nYour subscription: {MANAGE}\nUnsubscribe: {LEAVE}\n"


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope(ScopeKind.TERRITORY, "U:0590001F"), "0590001F"),
        (Scope(ScopeKind.SERVICE, "gone"), "gone"),
        (Scope(ScopeKind.SERVICE, "piege"), "Le Bcc: vilain {title} [31mZZZ"),
    ],
)
def test_what_is_unknown_is_its_code_and_hostile_names_are_one_line_of_visible_text(catalog, scope, said) -> None:
    body = invitation(replace(ONE, scope=scope), catalog).body
    assert f"suivi\u00a0: {said}" in body
    assert len(body.splitlines()) == 7
    assert not {"\r", "\x1b", "\u202e"} & set(body)
