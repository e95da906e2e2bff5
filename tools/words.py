"""words.py: brings dashboard/locale up to date with the sentences that pages say.

Run it by `make words` after a French sentence was added or changed. Prints what has no translation yet; exits with 1
while something has none.
"""

import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from dashboard.public.api.answers import ANSWERS
from dashboard.public.api.contract import ENDPOINTS, HEALTH_PAGE
from dashboard.public.api.things import THINGS
from dashboard.tongue import DOMAIN, ENGLISH, catalogue_of
from monitor.desk import signup_form

KEYWORDS = {"_": None, "gettext": None, "N_": None, "NN_": (1, 2), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
# As dashboard/public/press.py sets its templates up: else the sentences would differ by a space.
TEMPLATES = {
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
    "encoding": "utf-8",
}
NOISE = tuple(
    f'"{name}'.encode()
    for name in ("POT-", "PO-", "Project-", "Report-", "Last-", "Language-Team", "Generated-", "MIME-")
)
# Said by rooms below the dashboard, or written in a contract: translated where pages show them.
ELSEWHERE = ("NO_EMAIL", "NOTHING", "SEVERAL", "UNKNOWN", "NO_LANGUAGE")


def elsewhere() -> Iterator[str]:
    """The faults of the form of `/abonnement`, and what the contract of the programming interface says in words."""
    yield from (getattr(signup_form, name) for name in ELSEWHERE)
    for one in (*ENDPOINTS, HEALTH_PAGE):
        yield from (
            one.title,
            one.says,
            *(asked.says for asked in one.parameters),
            *((one.key.says,) if one.key else ()),
        )
    for shape in (*THINGS.values(), *ANSWERS.values()):
        yield from (about["description"] for about in shape["properties"].values() if "description" in about)


def said() -> Catalog:
    """Every sentence of templates and modules, without its translation."""
    found = Catalog(domain=DOMAIN, charset="utf-8")
    mapping, options = (
        [("**.py", "python"), ("public/templates/**.html", "jinja2")],
        {"public/templates/**.html": TEMPLATES},
    )
    folder = str(ROOT / "dashboard")
    for file, _line, message, notes, context in extract_from_dir(
        folder, mapping, options, KEYWORDS, ("EN:",), strip_comment_tags=True
    ):
        found.add(message, None, [(file, 0)], auto_comments=notes, context=context)
    for message in elsewhere():
        found.add(message, None, [("dashboard/public/api", 0)])
    return found


def read() -> Catalog:
    """The sentences as translated."""
    with catalogue_of(ENGLISH).open("rb") as file:
        return read_po(file, locale=ENGLISH, domain=DOMAIN)


def lacking(catalogue: Catalog) -> list[Message]:
    """Those without a translation, and those that were guessed."""
    return [one for one in catalogue if one.id and (one.fuzzy or not all(strings(one)))]


def strings(one: Message) -> Sequence[str]:
    """The translation, or both of a count."""
    return one.string if isinstance(one.string, tuple | list) else (one.string or "",)


def written(catalogue: Catalog) -> bytes:
    """The file: in the order of the sources, without dates, names and line numbers: a difference shows words alone."""
    text = BytesIO()
    write_po(text, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return b"".join(line for line in text.getvalue().splitlines(keepends=True) if not line.startswith(NOISE))


def main() -> int:
    """Update the file, and say what is left to do."""
    catalogue = read() if catalogue_of(ENGLISH).exists() else Catalog(locale=ENGLISH, domain=DOMAIN)
    catalogue.update(said(), no_fuzzy_matching=True)
    catalogue_of(ENGLISH).write_bytes(written(catalogue))
    left = lacking(catalogue)
    for one in left:
        sys.stdout.write(f"{one.id!r}\n")
    sys.stdout.write(f"{len(catalogue)} phrases, {len(left)} à traduire : {catalogue_of(ENGLISH).relative_to(ROOT)}\n")
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
