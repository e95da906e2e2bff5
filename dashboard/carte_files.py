"""The names of Dash's files: each may carry a print of its version, ``dash.v4_4_1m1234abcd.min.js``."""

import re

_PRINT = re.compile(r"v[\w-]+m[0-9a-fA-F]+")


def plain_name(file: str) -> tuple[str, bool]:
    """A file's name without its print, and whether it carried one; as `dash.fingerprint` reads it, without Dash."""
    folder, slash, name = file.rpartition("/")
    stem, *rest = name.split(".")
    printed = len(rest) > 1 and _PRINT.fullmatch(rest[0]) is not None
    return (folder + slash + ".".join([stem, *rest[1:]]) if printed else file), printed
