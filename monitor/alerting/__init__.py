"""Tells: the words of a notice, and the child process that hands them to Apprise."""

from monitor.alerting.burst import burst_letter
from monitor.alerting.case import Case
from monitor.alerting.drill import drill_letter
from monitor.alerting.letter import Letter
from monitor.alerting.messages import compose, letter_of, words_of
from monitor.alerting.past import past
from monitor.alerting.sender import Message, Outcome, Sender, check_url

__all__ = [
    "Case",
    "Letter",
    "Message",
    "Outcome",
    "Sender",
    "burst_letter",
    "check_url",
    "compose",
    "drill_letter",
    "letter_of",
    "past",
    "words_of",
]
