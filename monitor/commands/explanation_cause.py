"""What services have in common, in French with its counts: what the exact test gives, never a guess."""

from collections.abc import Iterator, Sequence

from monitor.commands.explanation_words import OBSERVED, UNDECLARED, chance_of, counted, inside, point
from monitor.domain.attribution import Attribution, Count
from monitor.domain.sheet import EvidenceSheet

SHOWN = 6  # candidates that people read; `--format json` has them all


def common_cause(sheet: EvidenceSheet) -> Iterator[str]:
    """The culprit, its counts, what it beat, what a control rules out, what nobody can tell."""
    names = {one.id: one.name for one in sheet.extent.names}
    if sheet.culprit.startswith("vantage:"):
        yield "La majorité des témoins se taisent : c’est notre propre ligne."
        return
    if sheet.cause is not None:
        yield from _weighed(sheet.cause, names)
    else:
        yield "Rien d’autre n’est tombé avec lui." if sheet.extent.services_in_all == 1 else "Cause non établie."
    if sheet.extent.undeclared:
        kinds = ", ".join(UNDECLARED.get(kind, kind) for kind in sheet.extent.undeclared)
        several = " pour tous ces services" if sheet.extent.services_in_all > 1 else ""
        yield f"Ni déclaré ni observé{several} : {kinds}. Vigie ne peut ni le retenir ni l’écarter."
    yield "Ce qui tombe ensemble est mesuré ; pourquoi ne l’est pas."


def _weighed(cause: Attribution, names: dict[str, str]) -> Iterator[str]:
    yield _verdict(cause, names)
    if cause.test is not None:
        yield f"Les comptes : {_counts(cause.test, names)}."
        yield f"Le hasard seul en ferait autant {chance_of(cause.test.chance)}, tous les candidats essayés."
    yield from _observed(cause, names)
    yield from _others("Retenu plutôt que" if cause.explained else "Aussi possible", cause.beaten, names)
    yield from _others("Écarté par ce qui répond encore", cause.ruled_out, names)


def _verdict(cause: Attribution, names: dict[str, str]) -> str:
    what = point(cause.culprit, names.get(cause.culprit, ""))
    if cause.explained:
        return f"Point commun établi par le test exact : {what}."
    if cause.test is None:
        return f"Cause non établie ; l’incident est celui de : {what}."
    return f"Regroupement, cause non établie : {what}."


def _observed(cause: Attribution, names: dict[str, str]) -> Iterator[str]:
    """What good answers showed of these services, whatever the test makes of it."""
    for one in (*((cause.test,) if cause.test else ()), *cause.beaten, *cause.ruled_out):
        words = OBSERVED.get(one.candidate.partition(":")[0])
        if words is not None:
            shared = words.format(name=names.get(one.candidate, ""))
            yield f"Observé pour {counted(one.unwell_inside, 'service touché', 'services touchés')} : {shared}."


def _others(title: str, counts: Sequence[Count], names: dict[str, str]) -> Iterator[str]:
    for one in counts[:SHOWN]:
        what, chance = point(one.candidate, names.get(one.candidate, "")), chance_of(one.chance)
        yield f"{title} : {what}, {_counts(one, names)} (hasard : {chance})."
    if left := len(counts[SHOWN:]):
        yield f"{title} : {left} de plus (--format json)."


def _counts(one: Count, names: dict[str, str]) -> str:
    where = inside(one.candidate, names.get(one.candidate, ""))
    elsewhere = f"{one.unwell_outside} sur {one.outside} ailleurs" if one.outside else "rien d’autre n’est mesuré"
    return f"{one.unwell_inside} sur {one.inside} touchés {where}, {elsewhere}"
