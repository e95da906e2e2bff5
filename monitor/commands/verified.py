"""What `vigie verify` says. What a file says of itself is hostile: it is shown, never obeyed."""

from collections.abc import Iterator, Mapping, Sequence

from monitor.commands.shown import visible
from monitor.config.problem import typeset
from monitor.domain.claims import Claim
from monitor.domain.verification import Finding, Verification, Wrong

_SHOWN = 100  # characters of a word of the file
_LISTED = 20  # remarks of one sort
_WORDS: Mapping[Wrong, str] = {
    Wrong.LINE: "ce n’est pas une observation : ligne coupée, abîmée ou écrite autrement que par Vigie",
    Wrong.ORDER: "cette ligne n’est pas à sa place : elle devait venir avant la précédente, ou elle est en double",
    Wrong.OUTSIDE: "hors des journées scellées que l’export annonce (un jour se scelle la nuit d’après)",
    Wrong.STRANGER: "cette sonde n’est pas parmi celles que l’export annonce ce jour-là",
    Wrong.ROWS: "il manque des lignes, ou il y en a de trop",
    Wrong.PROOF: "le contenu n’est pas celui qui fut scellé",
    Wrong.ROOT: "le sceau annoncé n’est pas celui de ce qu’il annonce",
    Wrong.UNPUBLISHED: "le sceau annoncé n’est pas celui qui est publié",
    Wrong.UNCLAIMED: "ce jour est scellé et publié, mais l’export n’en annonce rien",
    Wrong.CHAIN: "la liste publiée est rompue à ce jour : un sceau n’y suit pas le précédent",
    Wrong.NOTHING: "il n’annonce aucune mesure d’une journée scellée : il n’y a rien à quoi comparer",
}


def answer(checked: Verification, findings: Sequence[Finding]) -> Iterator[str]:
    """Everything that is wrong, a line each."""
    yield typeset("Cet export n’est pas ce qui fut scellé :")
    for one in findings:
        yield typeset(f"  {_place(one)} — {_WORDS[one.wrong]}{_counted(one)}.")
    if checked.unsaid:
        yield typeset(f"  … et {checked.unsaid} autres lignes.")


def fine(checked: Verification, claims: Sequence[Claim]) -> Iterator[str]:
    """What was confirmed, and what that leaves open."""
    days = len({one.key[0] for one in claims})
    yield typeset(
        f"Export conforme : {checked.rows} observations, {days} jour{'s' if days > 1 else ''}, "
        f"{len(claims)} sceau{'x' if len(claims) > 1 else ''} publié{'s' if len(claims) > 1 else ''}, "
        f"{_period(claims)}."
    )
    for one in checked.superseded()[:_LISTED]:
        yield typeset(f"Remarque : le {_day(one)} a été scellé de nouveau depuis, des réponses étant venues tard.")
    absent = checked.absent()
    for claim, probe in absent[:_LISTED]:
        yield typeset(
            f"Remarque : l’export n’annonce aucune mesure de {_shown(probe)} le {_day(claim)} ; qu’il n’y en ait pas "
            "eu, seul un export de toutes les sondes le prouve."
        )
    if len(absent) > _LISTED:
        yield typeset(f"… et {len(absent) - _LISTED} autres remarques de cette sorte.")


def _period(claims: Sequence[Claim]) -> str:
    """From which day to which: an export that was cut short by whole days is conform as well."""
    first, last = (_shown(str(of(claims, key=lambda one: one.key[0]).said["day"])) for of in (min, max))
    return f"le {first}" if first == last else f"du {first} au {last} inclus"


def _day(claim: Claim) -> str:
    return f"{_shown(str(claim.said['day']))} (vu de {_shown(claim.key[1])})"


def _place(one: Finding) -> str:
    parts = [_lines(one)] if one.lines is not None else []
    parts += [f"le {_shown(one.day)}"] if one.day else []
    parts += [f"vu de {_shown(one.vantage)}"] if one.vantage else []
    parts += [_shown(one.probe)] if one.probe else []
    return ", ".join(parts) or "l’export"


def _lines(one: Finding) -> str:
    first, last = one.lines or (0, 0)
    return f"ligne {first}" if first == last else f"lignes {first} à {last}"


def _counted(one: Finding) -> str:
    return "" if one.rows is None else f" ({one.rows[0]} scellées, {one.rows[1]} trouvées)"


def _shown(word: str) -> str:
    return visible(word[:_SHOWN])
