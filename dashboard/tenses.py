"""What the sentence of a page is made of, for what is so now and for what was so when it was last measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.tongue import ENGLISH, FRENCH, spoken
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


ENGLISH_PRESENT = Tense(
    clauses={
        Health.UP: ("is answering", "are answering"),
        Health.SLOW: ("is slow to answer", "are slow to answer"),
        Health.WAITING: ("is making its pupils wait", "are making their pupils wait"),
        Health.RESTRICTED: ("is restricting access", "are restricting access"),
        Health.DOWN: ("is down", "are down"),
        Health.MAINTENANCE: ("is under maintenance", "are under maintenance"),
        Health.UNKNOWN: ("is not measured", "are not measured"),
    },
    again=("answers again", "answer again"),
    rest=("is affected", "are affected"),
    blind="Vigie sees nothing: our own connection is down.",
    not_theirs="This is not a failure of the services.",
    nobody="Vigie has not yet seen any service working, and asserts nothing.",
    all_well="Everything is answering.",
    seen_well="All that Vigie can see is answering.",
    running="are working",
    unmeasured=("is not measured", "are not measured"),
    entering=("is letting its pupils in", "are letting their pupils in"),
)
# After “On Tuesday 6 April at 8:30,”.
ENGLISH_PAST = Tense(
    clauses={
        Health.UP: ("was answering", "were answering"),
        Health.SLOW: ("was slow to answer", "were slow to answer"),
        Health.WAITING: ("was making its pupils wait", "were making their pupils wait"),
        Health.RESTRICTED: ("was restricting access", "were restricting access"),
        Health.DOWN: ("was down", "were down"),
        Health.MAINTENANCE: ("was under maintenance", "were under maintenance"),
        Health.UNKNOWN: ("was not measured", "were not measured"),
    },
    again=("was answering again", "were answering again"),
    rest=("was affected", "were affected"),
    blind="Vigie saw nothing: our own connection was down.",
    not_theirs="That was not a failure of the services.",
    nobody="Vigie had not yet seen any service working, and asserted nothing.",
    all_well="everything was answering.",
    seen_well="all that Vigie could see was answering.",
    running="were working",
    unmeasured=("was not measured", "were not measured"),
    entering=("was letting its pupils in", "were letting their pupils in"),
)
# A grammar for each language: verbs without their subjects are no sentences that a catalogue could translate.
TENSES: Mapping[str, tuple[Tense, Tense]] = {FRENCH: (PRESENT, PAST), ENGLISH: (ENGLISH_PRESENT, ENGLISH_PAST)}


def tense(stale: bool) -> Tense:
    """Past for a page that is no longer up to date; in the language that is spoken."""
    return TENSES[spoken()][stale]
