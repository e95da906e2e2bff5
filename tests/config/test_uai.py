import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import uai_check_letter
from monitor.config.uai import uai_fault

# Codes of schools found in public sources.
PUBLISHED = [
    "0310047H", "0782540M", "0451462V", "0142131R", "0380029A", "0370884K", "0060013G", "0932638M", "0840853W", "0670007U", "0690037R",
]  # fmt: skip
DIGITS = st.integers(0, 9_999_999).map("{:07d}".format)


@pytest.mark.parametrize("uai", PUBLISHED)
def test_published_codes_carry_their_letter(uai):
    assert uai_check_letter(uai[:7]) == uai[7]


@given(DIGITS)
def test_the_letter_is_never_one_that_looks_like_a_digit(digits):
    assert uai_check_letter(digits) in set("ABCDEFGHJKLMNPRSTUVWXYZ")


@given(DIGITS, st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(digits, place, shift):
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert uai_check_letter(wrong) != uai_check_letter(digits)


@given(DIGITS, st.integers(0, 5))
def test_two_digits_swapped_are_always_seen(digits, place):
    wrong = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert wrong == digits or uai_check_letter(wrong) != uai_check_letter(digits)


@given(DIGITS, st.characters(categories=["Lu"], max_codepoint=127))
def test_only_the_right_letter_passes(digits, letter):
    fault = uai_fault(digits + letter, frozenset({digits[:3]}))
    assert (fault is None) == (letter == uai_check_letter(digits))


@pytest.mark.parametrize("wrong", ["", "059000", "05900011", "059000A", "٠٥٩٠٠٠١"])
def test_anything_but_seven_digits_is_refused(wrong):
    with pytest.raises(ValueError, match="seven digits"):
        uai_check_letter(wrong)


@given(DIGITS)
def test_a_letter_is_offered_only_where_it_would_be_accepted(digits):
    right = uai_check_letter(digits)
    wrong = "A" if right != "A" else "B"
    what, mend = uai_fault(digits + wrong, frozenset({"059"}))
    assert (f"U:{digits}{right}" in mend) == digits.startswith("059")
    assert ("préfixe" in what) == (not digits.startswith("059"))


def test_digits_of_nowhere_are_told_before_their_letter():
    what, mend = uai_fault("9990001B", frozenset({"059"}))
    assert "« 999 »" in what
    assert "U:" not in mend


def test_a_lower_case_letter_is_mended():
    assert "U:0590001F" in str(uai_fault("0590001f", frozenset({"059"})))
