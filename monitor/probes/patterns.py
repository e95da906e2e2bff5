"""Expressions of the catalogue, compiled: RE2 is linear in the text, and a bounded program bounds the factor."""

from functools import lru_cache
from typing import Any

import re2

# The worst expression of this size takes 0.15 s over the 256 KiB of an answer; one of 8,000 takes 3 s.
LARGEST_PROGRAM = 600
# What RE2 may keep of one expression: some thirty of them, driven by hostile pages, stay under 32 MiB together.
MOST_MEMORY = 1024 * 1024


class PatternRefused(ValueError):  # noqa: N818 - named for what it says, not for what it is
    """An expression that RE2 does not take, or whose program is too large; the message is RE2's, and may quote it."""


class PatternTooLarge(PatternRefused):
    """An expression that would cost too much, however right it is."""


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Any:
    """The expression, ready to search UTF-8 bytes (text would be encoded at every search). Raises PatternRefused."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        program = re2.compile(pattern.encode(), options)
    except UnicodeEncodeError as error:
        raise PatternRefused("no text that can be written as UTF-8") from error
    except re2.error as error:
        reason = error.args[0]
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        kind = PatternTooLarge if "too large" in text else PatternRefused
        raise kind(text) from error
    if program.programsize > LARGEST_PROGRAM:
        raise PatternTooLarge(f"program of {program.programsize} instructions")
    return program
