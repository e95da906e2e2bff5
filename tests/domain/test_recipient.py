"""Addresses of schools, and what a list of contacts changes: nobody lost, nobody twice, whatever the lists."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.recipient import (
    Change,
    Contact,
    Merge,
    Recipient,
    concerned,
    email_of,
    looks_like_formula,
    masked_email,
    masked_phone,
    merge,
    phone_of,
    same_phone,
)

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ONE = Recipient("r1", "0590001F", "Collège A", "ce.0590001f@ac-lille.fr", "+33320000000", "en", AT, AT)
TWO = replace(ONE, id="r2", uai="0590002G", phone=None)
SAME = Contact("0590001F", "Collège A", "ce.0590001f@ac-lille.fr", "+33320000000", "en")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ce.0590001F@AC-Lille.fr", "ce.0590001f@ac-lille.fr"),
        ("o'brien+vigie@xn--cole-9oa.xn--p1ai", "o'brien+vigie@xn--cole-9oa.xn--p1ai"),
        ("_a@b.c-d.fr", "_a@b.c-d.fr"),
        (f"{'a' * 64}@b.fr", f"{'a' * 64}@b.fr"),
    ],
)
def test_an_address_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert email_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "a", "@b.fr", "a@", "a@b", "a@b.1", "a@@b.fr", "a b@c.fr", "a@b.fr\n", "a@b.fr\r\nBcc: c@d.fr", "a@-b.fr",
     "a@b-.fr", "a..b@c.fr", ".a@b.fr", "a.@b.fr", "=1+1@b.fr", "-a@b.fr", "+a@b.fr", "a@b.fr,c@d.fr", "A <a@b.fr>",
     '"a b"@c.fr', "a@[127.0.0.1]", "a@b..fr", "é@b.fr", "a@é.fr", "\u212a@b.fr", "a\u202e@b.fr", "a\0@b.fr",
     f"{'a' * 65}@b.fr", f"a@{'b.' * 130}fr", f"a@{'b' * 64}.fr"],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    assert email_of(typed) is None


@given(st.text())
def test_whatever_is_kept_as_an_address_is_one_word_of_plain_signs(text: str) -> None:
    email = email_of(text)
    assert email is None or (email == text.lower() and email_of(email) == email and email.isascii())
    assert email is None or not set(email) & set(' \t\r\n\0,;:<>"()[]\\')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("03 20 00 00 00", "0320000000"),
        ("03.20.00.00.00", "0320000000"),
        ("+33 (0)3 20-00-00-00", "+33320000000"),
        ("00 33 3 20 00 00 00", "+33320000000"),
        ("+687\u00a026\u202f61\u00a000", "+687266100"),
        ("26.61.00", "266100"),
        ("40 47 84 00", "40478400"),
        *((wrong, None) for wrong in ("", "03", "0320000000\n", "00", "+0320000000", "03200000000", "=0320000000",
                                      "0320O00000", "٠٣٢٠٠٠٠٠٠٠", "+33320000000000000")),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_its_digits(typed: str, kept: str | None) -> None:
    assert phone_of(typed) == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0320000000", "+33320000000", True),
        ("+262262000000", "0262000000", True),
        ("+33320000000", "+33320000000", True),
        ("0320000000", "+44320000000", False),
        ("0320000000", "0320000001", False),
        ("266100", "+687266100", False),
        ("+33320000000", "+262320000000", False),
    ],
)
def test_the_same_telephone(one: str, other: str, same: bool) -> None:
    assert same_phone(one, other) is same_phone(other, one) is same


def test_masks_and_formulas() -> None:
    assert masked_email("ce.0590001f@ac-lille.fr") == "c…@ac-lille.fr"
    assert masked_phone("+33320000012") == "…12"
    assert [looks_like_formula(text) for text in ("=1", "+1", "-1", "@a", "A=1", "")] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("r2", [TWO]),
        (" CE.0590001F@ac-lille.fr ", [ONE, TWO]),
        ("03 20 00 00 00", [ONE]),
        ("0590001F", []),
        ("Collège A", []),
        ("", []),
    ],
)
def test_who_an_id_or_an_address_names(what: str, found: list[Recipient]) -> None:
    assert concerned([ONE, TWO], what) == tuple(found)


def test_a_list_adds_changes_and_loses_nobody() -> None:
    new = Contact("0590003H", "Lycée", "l@b.fr")
    assert merge([ONE, TWO], [new, SAME]) == Merge((new,), (), (ONE,), (TWO,))


@pytest.mark.parametrize(
    ("contact", "after"),
    [
        (replace(SAME, name="Collège B"), replace(ONE, name="Collège B")),
        (replace(SAME, phone=None), replace(ONE, phone=None)),
        (replace(SAME, language="fr"), replace(ONE, language="fr")),
        (replace(SAME, language=None), ONE),  # a list that does not say alters no language
    ],
)
def test_what_a_list_says_otherwise(contact: Contact, after: Recipient) -> None:
    changed, unchanged = ((), (ONE,)) if after == ONE else ((Change(ONE, after),), ())
    assert merge([ONE], [contact]) == Merge((), changed, unchanged, ())


contacts = st.lists(
    st.builds(
        Contact,
        uai=st.sampled_from(["0590001F", "0590002G"]),
        name=st.sampled_from("AB"),
        email=st.sampled_from(["a@b.fr", "b@b.fr", "c@b.fr"]),
        phone=st.sampled_from([None, "0320000000"]),
        language=st.sampled_from([None, "fr", "en"]),
    ),
    unique_by=lambda one: (one.uai, one.email),
)


def taken(known: list[Recipient], found: Merge) -> list[Recipient]:
    """What is kept once a merge was written."""
    fresh = [
        Recipient(f"n{place}", one.uai, one.name, one.email, one.phone, one.language or "fr", AT, AT)
        for place, one in enumerate(found.added, len(known))
    ]
    return [*found.unchanged, *found.absent, *(one.after for one in found.changed), *fresh]


@given(contacts, contacts)
def test_of_any_two_lists_all_are_kept_once_and_the_later_holds(first: list[Contact], second: list[Contact]) -> None:
    known = taken([], merge([], first))
    found = merge(known, second)
    kept = {(one.uai, one.email): one for one in taken(known, found)}
    assert len(kept) == len(taken(known, found)) == len({(one.uai, one.email) for one in (*first, *second)})
    assert {one.id for one in known} <= {one.id for one in kept.values()}
    for one in second:
        here = kept[one.uai, one.email]
        assert (here.name, here.phone) == (one.name, one.phone)
        assert one.language in (None, here.language)
    assert merge(kept.values(), second).unchanged == tuple(kept[one.uai, one.email] for one in second)
    assert all(one.before != one.after for one in found.changed)
