"""What a language must say of several services at once: the shape that `french_groups` and `english_groups` fill."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupWords:
    """Pairs are singular, plural; ``{count}`` and ``{name}`` stand open, ``{point}`` for something in common.

    Attributes:
        subjects: by kind of culprit, the subject of a sentence: « 5 services exploités par Edifice ».
        points: by kind of culprit, the thing in common by itself: « l’exploitant Edifice ».
        any_subject: where the kind has no words of its own.
        with_dependants: a service with those that depend on it; `dependants`: those alone.
        title: a culprit and its number of services; `title_with_dependants` for a service that others need.
        title_names: by kind, what a title puts before ``{name}``; a kind that is not here is its name alone.
        touched: what several services are, that are not all in the same state, which ``{states}`` lists, a `separator`
            between them.
        joined: which incident a merged one is told with from now on.
        watched: how long an eased one stays under watch; `relapsed`: when it failed again.
        inside: counts, as ``{unwell}`` of ``{all}``; `outside`, or `nothing_outside` where nothing else is measured.
        explained, undecided: what the exact test gives, ``{counts}`` open.
        ruled_out: what the services that go on answering speak against.
        undeclared: kinds that the catalogue does not tell of every service; `undeclared_kinds` names them.
        works: what answers in the reader's territory: one, several.
        elsewhere: how many of the operator's other services are unwell, by how many there are; `nothing_elsewhere`
            where none is.
        own_places: which of the reader's départements are affected: one, several.
        own_services: which of the services are the reader's, each with its state.
        share_before: what the share was when it was last told.
    """

    subjects: Mapping[str, tuple[str, str]]
    points: Mapping[str, str]
    any_subject: tuple[str, str]
    with_dependants: tuple[str, str]
    dependants: tuple[str, str]
    title: tuple[str, str]
    title_with_dependants: tuple[str, str]
    title_names: Mapping[str, str]
    touched: str
    separator: str
    joined: str
    watched: str
    relapsed: str
    inside: str
    outside: str
    nothing_outside: str
    point: str
    explained: str
    undecided: str
    ruled_out: tuple[str, str]
    ruled_out_one: str
    undeclared: str
    undeclared_kinds: Mapping[str, str]
    buyers: str
    operators: str
    works: tuple[str, str]
    elsewhere: tuple[str, str]
    nothing_elsewhere: tuple[str, str]
    own_places: tuple[str, str]
    own_services: str
    share_before: str
