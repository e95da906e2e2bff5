"""Why something is said of an incident: one list everywhere (docs/method.md, "Incidents")."""

from enum import StrEnum


class Reason(StrEnum):
    """The turns of an incident, and the reasons of a notice."""

    OPENED = "opened"
    WORSENED = "worsened"
    SPREAD = "spread"
    EXPLAINED = "explained"
    EASED = "eased"
    RELAPSED = "relapsed"
    STILL_OPEN = "still_open"
    MERGED = "merged"
    CLOSED = "closed"
