"""`vigie db check`: what is wrong with a database, in sentences."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, func, select, text

from monitor.domain.gap import Excuse
from monitor.domain.observation import Failure
from monitor.domain.seal import Break, breaks, digest_breaks
from monitor.store import seals, snapshots
from monitor.store.database import reading
from monitor.store.errors import StoreError, missing, translated
from monitor.store.place import Book, Place
from monitor.store.schema import require_current
from monitor.store.tables import gaps, observations

# What no constraint of the database guards: a count that must be 0, and how to say that it is not.
_QUESTIONS = (
    (
        "observation(s) d’une série inconnue",
        "SELECT count(*) FROM observations WHERE series NOT IN (SELECT id FROM series)",
    ),
    (
        "observation(s) dont l’adresse ou le détail n’est plus au dictionnaire",
        "SELECT count(*) FROM observations WHERE (address IS NOT NULL AND address NOT IN (SELECT id FROM words)) "
        "OR (detail IS NOT NULL AND detail NOT IN (SELECT id FROM words))",
    ),
    (
        "observation(s) rangée(s) sous une autre heure",
        "SELECT count(*) FROM observations WHERE hour <> at / 3600000000",
    ),
    (
        "observation(s) dont la preuve n’est plus au dictionnaire",
        "SELECT count(*) FROM observations WHERE evidence IS NOT NULL AND evidence NOT IN (SELECT id FROM evidence)",
    ),
    (
        "extrait(s) d’une observation absente",
        "SELECT count(*) FROM excerpts AS x WHERE NOT EXISTS "
        "(SELECT 1 FROM observations AS o WHERE o.hour = x.at / 3600000000 AND o.series = x.series AND o.at = x.at)",
    ),
    ("trou(s) qui finissent avant de commencer", "SELECT count(*) FROM gaps WHERE until < since OR slots < 0"),
    ("période(s) qui finissent avant de commencer", "SELECT count(*) FROM spans WHERE until <= since"),
    (
        "correction(s) qui finissent avant de commencer, ou qui débordent de la période corrigée",
        "SELECT (SELECT count(*) FROM corrections WHERE until <= since) "
        "+ (SELECT count(*) FROM corrected_spans AS s JOIN corrections AS c ON c.id = s.correction "
        "WHERE s.since < c.since OR s.until > c.until OR s.until <= s.since)",
    ),
    (
        "fiche(s) de preuves d’un incident absent",
        "SELECT count(*) FROM sheets WHERE incident NOT IN (SELECT id FROM incidents)",
    ),
    ("incident(s) clos avant d’être ouverts", "SELECT count(*) FROM incidents WHERE closed_at < opened_at"),
    (
        "envoi(s) dans un état inconnu",
        "SELECT count(*) FROM tellings WHERE state NOT IN ('queued', 'sent', 'dead', 'merged', 'folded')",
    ),
    (
        "envoi(s) rangé(s) dans une lettre qui n’existe pas",
        "SELECT count(*) FROM tellings t WHERE t.state = 'folded'"
        " AND NOT EXISTS (SELECT 1 FROM tellings c WHERE c.id = t.folded_into AND c.state <> 'folded')",
    ),
)


def check(url: str) -> tuple[str, ...]:
    """What is wrong with either book, in French; none if all is well. Writes nothing, raises no StoreError."""
    try:
        place = Place.of(url)
        return tuple(sentence for book in Book for sentence in _check_book(place, book))
    except StoreError as error:
        return (str(error),)


def _check_book(place: Place, book: Book) -> Iterator[str]:
    label = place.label if place.path is None else str(place.file(book))
    if place.path is not None and not place.file(book).exists():
        yield str(missing(label))
        return
    engine = reading(place, book)
    try:
        with translated(label), engine.begin() as connection:
            if place.path is not None:
                yield from (f"{label} : {sentence}" for sentence in _pages(connection))
            require_current(connection, book, place)
            if book is Book.MEASURES:
                yield from (f"{label} : {sentence}" for sentence in _meaning(connection))
    except StoreError as error:
        yield str(error)
    finally:
        engine.dispose()


def _pages(connection: Connection) -> Iterator[str]:
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"):
        if found != "ok":
            yield f"fichier abîmé ({' '.join(str(found).split())[:120]}). Rétablissez une sauvegarde."
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"la table {row[0]} renvoie à une ligne absente de {row[2]}. Rétablissez une sauvegarde."


def _meaning(connection: Connection) -> Iterator[str]:
    for wording, question in _QUESTIONS:
        count = connection.scalar(text(question))
        if count:
            yield f"{count} {wording}. Rétablissez une sauvegarde."
    for wording, column, known in (
        ("observation(s) d’un échec", observations.c.failure, Failure),
        ("trou(s) d’un motif", gaps.c.excuse, Excuse),
    ):
        unknown = column.not_in([one.code for one in known])
        count = connection.scalar(select(func.count()).select_from(column.table).where(unknown))
        if count:
            yield f"{count} {wording} que cette version de Vigie ne connaît pas. Mettez Vigie à jour."
    snapshot = snapshots.current(connection)
    if snapshot is not None and snapshots.etag_of(snapshot[0]) != snapshot[1]:
        yield "l’instantané publié a été modifié. Il sera refait à la prochaine évaluation."
    yield from _seals(connection)


def _seals(connection: Connection) -> Iterator[str]:
    for vantage, links in groupby(seals.chain(connection), key=lambda one: one.vantage):
        chain = list(links)
        found = breaks(chain)
        for one in chain:
            kept = seals.digests(connection, vantage, one.number)
            found += [(one, broken) for broken in digest_breaks(one, kept)]
        for seal, broken in found:
            yield (
                f"le sceau n° {seal.number} du {seal.day:%d/%m/%Y} (vu de {vantage}) {_BROKEN[broken]}. "
                "Rétablissez une sauvegarde : ce qui fut publié dit laquelle."
            )


_BROKEN = {
    Break.ROOT: "ne dit plus ce qui fut scellé",
    Break.NUMBER: "ne suit pas le numéro du précédent",
    Break.PREVIOUS: "ne suit pas le sceau précédent",
    Break.CORRECTS: "ne nomme pas le sceau qu’il remplace",
    Break.TREE: "n’est plus celui des condensats gardés",
    Break.ROWS: "ne compte pas les mesures de ses condensats",
}
