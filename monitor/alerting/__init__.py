"""Tells: the words of a notice, and the child process that hands them to Apprise."""

from monitor.alerting.drill import drill_letter
from monitor.alerting.messages import Letter, compose
from monitor.alerting.sender import Message, Outcome, Sender, check_url

__all__ = ["Letter", "Message", "Outcome", "Sender", "check_url", "compose", "drill_letter"]
