"""What is typed into the form of the public: a wish, or every fault at once."""

import pytest

from monitor.desk.signup_form import (
    ACADEMY,
    DEPARTMENT,
    EMAIL,
    HOURS,
    LANGUAGE,
    NO_EMAIL,
    NO_LANGUAGE,
    NOTHING,
    SCHOOL,
    SERVICE,
    SEVERAL,
    UNKNOWN,
    WHAT,
    Choices,
    fields_of,
    judged,
)
from monitor.domain.subscriber import Wish
from monitor.domain.window import Scope, ScopeKind
from monitor.reports.choices import school_fault

CHOICES = Choices({"A:lille": "Lille"}, {"D:59": "Nord"}, {"pronote": "Pronote"}, school_fault)
SCOPES = {
    "Académie\u00a0: Lille": Scope(ScopeKind.TERRITORY, "A:lille"),
    "Département\u00a0: Nord": Scope(ScopeKind.TERRITORY, "D:59"),
    "Service\u00a0: Pronote": Scope(ScopeKind.SERVICE, "pronote"),
    "Établissement\u00a0: 0590001F": Scope(ScopeKind.TERRITORY, "U:0590001F"),
}
HOSTILE = ["<b>", "a\r\nb", "\u202eb", "=1+1", "\x00", "{0}", "A:lille\n", "U:0590001F", "٠٥٩٠٠٠١F", "0590001F\u200b"]


@pytest.mark.parametrize("name", SCOPES)
def test_each_scope_has_its_field_and_its_name(name: str) -> None:
    scope = SCOPES[name]
    fields = {EMAIL: " Moi@B.fr ", **fields_of(scope)}
    assert judged(fields, CHOICES) == Wish("moi@b.fr", scope, "fr")
    assert CHOICES.name(scope) == name
    assert judged(fields | {LANGUAGE: "en", HOURS: "oui"}, CHOICES) == Wish("moi@b.fr", scope, "en", school_hours=True)
    assert judged(fields_of(scope), CHOICES, email="known@b.fr") == Wish("known@b.fr", scope, "fr")


def test_a_school_is_found_by_its_code_in_small_letters_too() -> None:
    assert judged({EMAIL: "a@b.fr", SCHOOL: " 0590001f "}, CHOICES) == Wish(
        "a@b.fr", SCOPES["Établissement\u00a0: 0590001F"], "fr"
    )


def test_every_fault_is_said_at_once() -> None:
    assert judged({}, CHOICES) == {EMAIL: NO_EMAIL, WHAT: NOTHING}
    several = {EMAIL: "a b", ACADEMY: "A:lille", SERVICE: "pronote", LANGUAGE: "de"}
    assert judged(several, CHOICES) == {EMAIL: NO_EMAIL, WHAT: SEVERAL, LANGUAGE: NO_LANGUAGE}


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("field", [EMAIL, ACADEMY, DEPARTMENT, SERVICE, SCHOOL, LANGUAGE])
def test_nothing_that_is_not_in_a_list_passes(field: str, word: str) -> None:
    fields = {EMAIL: "a@b.fr", ACADEMY: "A:lille"}
    if field in {DEPARTMENT, SERVICE, SCHOOL}:
        del fields[ACADEMY]
    found = judged(fields | {field: word}, CHOICES)
    if isinstance(found, Wish):  # what was around it is no part of it
        assert (field, word.strip()) == (ACADEMY, "A:lille")
    else:
        assert list(found) == [field]
        assert field not in {ACADEMY, DEPARTMENT, SERVICE} or found[field] == UNKNOWN
