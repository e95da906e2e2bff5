"""What the sentence of a page is made of, for what is so now and for what was so when it was last measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.wording import CLAUSES
from monitor.domain.observation import Health


@dataclass(frozen=True, slots=True)
class Tense:
    """Verbs in one tense; pairs are singular, plural."""

    clauses: Mapping[Health, tuple[str, str]]
    again: tuple[str, str]
    rest: tuple[str, str]
    blind: str
    not_theirs: str
    nobody: str
    all_well: str
    seen_well: str
    running: str
    unmeasured: tuple[str, str]
    entering: tuple[str, str]


PRESENT = Tense(
    clauses=CLAUSES,
    again=("répond de nouveau", "répondent de nouveau"),
    rest=("est touché", "sont touchés"),
    blind="Vigie ne voit rien\u00a0: notre propre connexion est coupée.",
    not_theirs="Ce n’est pas une panne des services.",
    nobody="Vigie n’a encore vu aucun service en marche, et n’affirme rien.",
    all_well="Tout répond.",
    seen_well="Ce que Vigie voit répond.",
    running="sont en marche",
    unmeasured=("n’est pas mesuré", "ne sont pas mesurés"),
    entering=("laisse entrer ses élèves", "laissent entrer leurs élèves"),
)
# After « Mardi 6 avril à 8 h 30, »: hence no capital, but for a name.
PAST = Tense(
    clauses={
        Health.UP: ("répondait", "répondaient"),
        Health.SLOW: ("répondait lentement", "répondaient lentement"),
        Health.WAITING: ("faisait patienter ses élèves", "faisaient patienter leurs élèves"),
        Health.RESTRICTED: ("restreignait son accès", "restreignaient leur accès"),
        Health.DOWN: ("était en panne", "étaient en panne"),
        Health.MAINTENANCE: ("était en maintenance", "étaient en maintenance"),
        Health.UNKNOWN: ("n’était pas mesuré", "n’étaient pas mesurés"),
    },
    again=("répondait de nouveau", "répondaient de nouveau"),
    rest=("était touché", "étaient touchés"),
    blind="Vigie ne voyait rien\u00a0: notre propre connexion était coupée.",
    not_theirs="Ce n’était pas une panne des services.",
    nobody="Vigie n’avait encore vu aucun service en marche, et n’affirmait rien.",
    all_well="tout répondait.",
    seen_well="ce que Vigie voyait répondait.",
    running="étaient en marche",
    unmeasured=("n’était pas mesuré", "n’étaient pas mesurés"),
    entering=("laissait entrer ses élèves", "laissaient entrer leurs élèves"),
)


def tense(stale: bool) -> Tense:
    """Past for a page that is no longer up to date."""
    return PAST if stale else PRESENT
