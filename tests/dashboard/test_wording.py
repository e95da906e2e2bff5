"""Every closed list has its words, in French and in English."""

import re

import pytest

from dashboard import wording
from dashboard.components.marks import SHAPES
from dashboard.figures.france import PATTERNS
from monitor.domain.announcement import AnnouncementKind
from monitor.domain.catalog import Audience, Level, ServiceKind
from monitor.domain.observation import Failure, Health
from monitor.domain.reason import Reason
from monitor.domain.uptime import Hours

LISTS = [
    (wording.HEALTHS, Health), (wording.FAILURES, Failure), (wording.REASONS, Reason), (wording.LEVELS, Level),
    (wording.KINDS, ServiceKind), (wording.AUDIENCES, Audience), (wording.SAID, AnnouncementKind), (wording.HOURS, Hours),
]  # fmt: skip


@pytest.mark.parametrize(("words", "members"), LISTS, ids=[members.__name__ for _, members in LISTS])
def test_no_member_is_without_its_words(words, members):
    assert set(words) == set(members)
    assert all(word.fr.strip() and word.en.strip() for word in words.values())


def test_no_two_states_or_failures_read_the_same():
    for words in (wording.HEALTHS, wording.FAILURES):
        assert len({word.fr for word in words.values()}) == len(words)


def test_every_state_has_its_clause_and_its_shape():
    assert set(wording.CLAUSES) == set(Health) == set(SHAPES)
    assert len(set(SHAPES.values())) == len(Health)


def test_every_trouble_has_its_texture():
    assert set(PATTERNS) == set(Health) - {Health.UP}
    assert len(set(PATTERNS.values())) == len(PATTERNS)


def test_french_words_keep_french_typography():
    for word in wording.FAILURES.values():
        assert "'" not in word.fr
        assert not re.search(r" [:;?!»]", word.fr)
