"""Nothing that the domain knows is forgotten by the tables."""

from dataclasses import fields

import pytest

from monitor.domain.announcement import Announcement
from monitor.domain.gap import Gap
from monitor.domain.incident import Incident
from monitor.domain.observation import Certificate, Observation, Phases
from monitor.domain.recipient import Contact, Recipient
from monitor.domain.run import Answer
from monitor.domain.service_verdict import ServiceVerdict, Span
from monitor.domain.silence import Acknowledgement, DeclaredSilence
from monitor.domain.usual import Latency, Usual
from monitor.domain.verdict import Verdict
from monitor.domain.window import Window
from monitor.store import Excerpt, Telling, derived_tables, desk_tables, tables

OF_SERIES = {"probe", "vantage"}
OF_EVIDENCE = {"final_host", "marker", "certificate", "catalogue"}
PHASES = {f"{phase.name}_us" for phase in fields(Phases)}


@pytest.mark.parametrize(
    ("value", "table", "elsewhere"),
    [
        (Observation, tables.observations, OF_SERIES | OF_EVIDENCE | {"took", "phases", "excerpt", "come_back"}),
        (Certificate, tables.certificates, {"issuer"}),
        (Excerpt, tables.excerpts, OF_SERIES),
        (Gap, tables.gaps, OF_SERIES),
        (Latency, derived_tables.probe_hours, OF_SERIES),
        (Usual, derived_tables.usuals, {"median", "p95"}),
        (Verdict, tables.verdicts, OF_SERIES),
        (ServiceVerdict, tables.service_verdicts, set()),
        (Span, tables.spans, set()),
        (Incident, tables.incidents, set()),
        (Telling, tables.tellings, set()),
        (Window, desk_tables.windows, {"when"}),
        (Announcement, desk_tables.announcements, set()),
        (DeclaredSilence, desk_tables.silences, set()),
        (Acknowledgement, desk_tables.acknowledgements, set()),
        (Contact, desk_tables.recipients, set()),
        (Recipient, desk_tables.recipients, set()),
    ],
)
def test_every_field_has_its_column(value: type, table, elsewhere: set[str]) -> None:
    assert {one.name for one in fields(value)} - elsewhere <= set(table.columns.keys())


def test_phases_and_answers_are_stored_whole() -> None:
    assert set(tables.observations.columns.keys()) >= PHASES
    assert [one.name for one in fields(Answer)] == ["at", "ended", "health", "failure"]  # as written by _answer_row


def test_what_repeats_is_stored_whole() -> None:
    assert set(tables.evidence.columns.keys()) == OF_EVIDENCE | {"id", "issuer"}


def test_a_raw_row_is_made_of_integers() -> None:
    assert {column.type.python_type for column in tables.observations.columns} == {int}
