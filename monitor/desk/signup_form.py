"""What somebody typed into the form of `/abonnement`, judged: a wish, or one sentence for each field that is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.domain.recipient import LANGUAGES, email_of
from monitor.domain.subscriber import Wish
from monitor.domain.window import Scope, ScopeKind

EMAIL, ACADEMY, DEPARTMENT, SERVICE, SCHOOL = "courriel", "academie", "departement", "service", "uai"
LANGUAGE, HOURS, WHAT = "langue", "heures", "quoi"
YES = "oui"
NO_EMAIL = "Écrivez votre adresse électronique en entier, par exemple prenom.nom@exemple.fr, sans accent ni espace."
NOTHING = "Choisissez ce que vous voulez suivre\u00a0: une académie, un département, un service ou un établissement."
SEVERAL = "Un seul choix à la fois\u00a0: videz les autres."
UNKNOWN = "Ce choix n’est pas, ou n’est plus, dans la liste. Choisissez-en un autre."
NO_LANGUAGE = "Choisissez français ou anglais."

Faults = dict[str, str]  # by name of the field; WHAT for the choice as a whole


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be followed: code or id → name; `school_fault`: what is wrong with the code of a school, in French."""

    academies: Mapping[str, str]
    departements: Mapping[str, str]
    services: Mapping[str, str]
    school_fault: Callable[[str], str | None]

    def name(self, scope: Scope) -> str:
        """What people call a scope; its code where it is in no list."""
        if scope.kind is ScopeKind.SERVICE:
            return f"Service\u00a0: {self.services.get(scope.name, scope.name)}"
        if scope.name.startswith("U:"):
            return f"Établissement\u00a0: {scope.name[2:]}"
        if scope.name in self.academies:
            return f"Académie\u00a0: {self.academies[scope.name]}"
        return f"Département\u00a0: {self.departements.get(scope.name, scope.name)}"


def fields_of(scope: Scope) -> dict[str, str]:
    """The field of the form that holds a scope, filled."""
    if scope.kind is ScopeKind.SERVICE:
        return {SERVICE: scope.name}
    if scope.name.startswith("U:"):
        return {SCHOOL: scope.name[2:]}
    return {ACADEMY if scope.name.startswith("A:") else DEPARTMENT: scope.name}


def judged(fields: Mapping[str, str], choices: Choices, *, email: str | None = None) -> Wish | Faults:
    """The wish that the fields say, or every fault at once. `email`: the address where it is known already."""
    faults: Faults = {}
    address = email or email_of(fields.get(EMAIL, "").strip())
    if address is None:
        faults[EMAIL] = NO_EMAIL
    scope = _scope(fields, choices, faults)
    language = fields.get(LANGUAGE, LANGUAGES[0])
    if language not in LANGUAGES:
        faults[LANGUAGE] = NO_LANGUAGE
    if faults or address is None or scope is None:
        return faults
    return Wish(address, scope, language, school_hours=fields.get(HOURS) == YES)


def _scope(fields: Mapping[str, str], choices: Choices, faults: Faults) -> Scope | None:
    filled = {one: text for one in (ACADEMY, DEPARTMENT, SERVICE, SCHOOL) if (text := fields.get(one, "").strip())}
    if len(filled) != 1:
        faults[WHAT] = SEVERAL if filled else NOTHING
        return None
    [(field, text)] = filled.items()
    if field == SCHOOL:
        code = text.upper()
        if fault := choices.school_fault(code):
            faults[SCHOOL] = fault
            return None
        return Scope(ScopeKind.TERRITORY, f"U:{code}")
    known = {ACADEMY: choices.academies, DEPARTMENT: choices.departements, SERVICE: choices.services}[field]
    if text not in known:
        faults[field] = UNKNOWN
        return None
    return Scope(ScopeKind.SERVICE if field == SERVICE else ScopeKind.TERRITORY, text)
