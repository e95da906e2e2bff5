"""Codes of schools: seven digits and a letter that checks them."""

import re

# The alphabet without I, O and Q; the letter is the remainder of the number by 23. Checked on eleven published codes
# (data/SOURCES.md); another rule in circulation, with weights 7 to 1, is wrong.
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def uai_check_letter(seven_digits: str) -> str:
    """The letter that ends the UAI starting with these digits. Raises ValueError unless they are seven ASCII digits."""
    if not re.fullmatch(r"[0-9]{7}", seven_digits):
        raise ValueError(f"seven digits expected, got {len(seven_digits)} characters")
    return _LETTERS[int(seven_digits) % len(_LETTERS)]


def uai_fault(uai: str, prefixes: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with a UAI and what would be right, in French; None when it is sound.

    `prefixes` are the first three digits that a département or a collectivité gives to its schools.
    """
    shape = re.fullmatch(r"([0-9]{7})([A-Za-z])", uai)
    if shape is None:
        return "code UAI mal formé", "sept chiffres et une lettre, par exemple « U:0590001F »"
    digits, letter = shape.groups()
    right = uai_check_letter(digits)
    # The digits first: a letter that suits digits of nowhere would be offered only to be refused next.
    if letter != right and digits[:3] in prefixes:
        return (
            f"lettre de contrôle fausse dans le code UAI « {uai} »",
            f"écrivez « U:{digits}{right} » ou vérifiez les chiffres",
        )
    if digits[:3] not in prefixes:
        return (
            f"aucun département ne donne le préfixe « {digits[:3]} » à ses établissements",
            "vérifiez les trois premiers chiffres du code UAI",
        )
    return None
