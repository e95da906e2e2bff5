"""Declared versus measured: how late an operator spoke."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.announcement import Announcement, AnnouncementKind, declared_delay

OPENED = datetime(2026, 11, 23, 8, tzinfo=UTC)
STATEMENT = AnnouncementKind.STATEMENT


@pytest.mark.parametrize(
    ("kind", "incident", "minutes", "expected"),
    [
        (STATEMENT, "i", 42, timedelta(minutes=42)),
        (STATEMENT, "i", 0, timedelta()),
        (STATEMENT, "i", -5, timedelta(minutes=-5)),
        (STATEMENT, None, 42, None),
        (AnnouncementKind.ANNOUNCEMENT, "i", 42, None),
        (AnnouncementKind.POSTMORTEM, "i", 42, None),
    ],
)
def test_only_a_statement_about_an_incident_has_a_delay(kind, incident, minutes, expected) -> None:
    at = OPENED + timedelta(minutes=minutes)
    one = Announcement("a", kind, "…", "x", at, OPENED, incident=incident, service=None if incident else "s")
    assert declared_delay(one, OPENED) == expected
