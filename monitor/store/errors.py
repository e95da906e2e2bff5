"""What can go wrong with the database, each with a French sentence that names the mend."""

import errno
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StoreError(Exception):
    """A trouble of the database; `str(error)` is a French sentence for the operator, without any password."""


class DatabaseMissing(StoreError):  # noqa: N818 -- read as a statement; `StoreError` is the error of the family
    """There is no database at this address, or it was never prepared."""


class DatabaseOlder(StoreError):  # noqa: N818 -- as above
    """Its schema is older than this program: an upgrade is needed first."""


class DatabaseNewer(StoreError):  # noqa: N818 -- as above
    """Its schema or its words are newer than this program."""


class DatabaseBusy(StoreError):  # noqa: N818 -- as above
    """Another program holds up the database, or it is too slow."""


class DatabaseTaken(DatabaseBusy):
    """Another monitor writes these books: there can be only one."""


class DatabaseWrongKind(StoreError):  # noqa: N818 -- as above
    """A rehearsal was about to write into a real database, or the other way round."""


class DatabaseUnreachable(StoreError):  # noqa: N818 -- as above
    """PostgreSQL does not answer, or refuses the connection."""


class DatabaseFull(StoreError):  # noqa: N818 -- as above
    """No space left where the database lives; nothing was half-written."""


class DatabaseReadOnly(StoreError):  # noqa: N818 -- as above
    """We may not write there."""


class DatabaseDamaged(StoreError):  # noqa: N818 -- as above
    """The file is not a database, or its pages are damaged."""


Problem = tuple[type[StoreError], str]

_MISSING = "Aucune base de données à {place}. Créez-la avec « vigie db upgrade », ou corrigez VIGIE_DATABASE_URL."
_READ_ONLY = (
    "Impossible d’écrire dans {place}. Donnez le droit d’écriture sur ce fichier et sur son dossier au compte qui "
    "lance Vigie, ou choisissez un autre endroit par VIGIE_DATABASE_URL."
)
_FULL = (
    "Plus de place sur le disque pour {place} ; rien n’a été écrit à moitié. Libérez de l’espace : "
    "Vigie reprendra d’elle-même."
)
_BUSY = "Un autre programme retient {place}. Fermez-le (un outil SQL resté ouvert, une sauvegarde…), puis réessayez."
_TOO_SLOW = (
    "PostgreSQL n’a pas répondu à temps à {place} ; l’opération est abandonnée, rien n’a été écrit. Cherchez dans "
    "pg_stat_activity ce qui la retenait, ou ce qui charge le serveur, et arrêtez-le. Réponse : {said}"
)
_DAMAGED = (
    "{place} n’est pas une base de données lisible, ou elle est abîmée. Mettez ce fichier de côté et rétablissez une "
    "sauvegarde, ou indiquez un autre chemin par VIGIE_DATABASE_URL."
)
_UNREACHABLE = (
    "PostgreSQL ne répond pas à {place}. Vérifiez qu’il est démarré, que l’adresse et le port de VIGIE_DATABASE_URL "
    "sont justes et que le réseau le laisse joindre. Réponse : {said}"
)
_REFUSED = (
    "PostgreSQL refuse la connexion à {place}. Vérifiez l’utilisateur, le mot de passe et le nom de la base dans "
    "VIGIE_DATABASE_URL (createdb en crée une). Réponse : {said}"
)
_ONLY_READ = (
    "PostgreSQL ne fait que lire {place} pour l’instant : ce serveur est la copie d’un autre, ou il finit d’être "
    "restauré. Attendez qu’il accepte d’écrire, ou donnez dans VIGIE_DATABASE_URL l’adresse du serveur principal."
)
_NO_RIGHT = (
    "PostgreSQL n’accorde pas les droits nécessaires sur {place}. Donnez à cet utilisateur le droit de créer des "
    "schémas (GRANT CREATE ON DATABASE …) et d’écrire dans « measures » et « desk »."
)
_CROWDED = "PostgreSQL n’accepte plus de connexions à {place}. Augmentez max_connections, ou arrêtez ce qui les occupe."
_BROKEN_DISK = (
    "Le disque rend une erreur en lisant ou en écrivant {place}. Vérifiez le disque, puis lancez « vigie db check »."
)
BAD_URL = (
    "VIGIE_DATABASE_URL est illisible. Écrivez « sqlite:///chemin/vigie.db » ou « postgresql://utilisateur@hôte/base »."
)

_SQLITE: Mapping[int, Problem] = {
    sqlite3.SQLITE_CANTOPEN: (DatabaseReadOnly, _READ_ONLY),
    sqlite3.SQLITE_PERM: (DatabaseReadOnly, _READ_ONLY),
    sqlite3.SQLITE_READONLY: (DatabaseReadOnly, _READ_ONLY),
    sqlite3.SQLITE_FULL: (DatabaseFull, _FULL),
    sqlite3.SQLITE_BUSY: (DatabaseBusy, _BUSY),
    sqlite3.SQLITE_LOCKED: (DatabaseBusy, _BUSY),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, _DAMAGED),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, _DAMAGED),
    sqlite3.SQLITE_IOERR: (StoreError, _BROKEN_DISK),
}

# SQLSTATE, or its class of two characters: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: Mapping[str, Problem] = {
    "42501": (DatabaseReadOnly, _NO_RIGHT),
    "25006": (DatabaseReadOnly, _ONLY_READ),
    "53100": (DatabaseFull, _FULL),
    "53300": (DatabaseUnreachable, _CROWDED),
    "55P03": (DatabaseBusy, _BUSY),
    "57014": (DatabaseBusy, _TOO_SLOW),
    "28": (DatabaseUnreachable, _REFUSED),
    "08": (DatabaseUnreachable, _UNREACHABLE),
    "57": (DatabaseUnreachable, _UNREACHABLE),
    "XX": (DatabaseDamaged, _DAMAGED),
}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn errors of drivers and of the system into StoreErrors that speak of `place`; StoreErrors pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        raise translate(error.orig, place) from error
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        raise translate(error, place) from error
    except SQLAlchemyError as error:
        raise _unexpected(error, place) from error


def translate(error: BaseException | None, place: str) -> StoreError:
    """The StoreError that says what a driver's error means at `place`."""
    match error:
        case sqlite3.Error():
            # The low byte is the primary code, the rest refines it: https://www.sqlite.org/rescode.html
            problem = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        case psycopg.Error():
            problem = _of_postgres(error)
        case OSError():
            problem = (DatabaseFull, _FULL) if error.errno == errno.ENOSPC else (DatabaseReadOnly, _READ_ONLY)
        case _:
            problem = None
    if problem is None:
        return _unexpected(error, place)
    kind, text = problem
    return kind(text.format(place=place, said=_said(error)))


def missing(place: str) -> DatabaseMissing:
    """The error for a database that is not there."""
    return DatabaseMissing(_MISSING.format(place=place))


def _of_postgres(error: psycopg.Error) -> Problem | None:
    state = error.sqlstate
    if state is not None:
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if not isinstance(error, psycopg.OperationalError):
        return None
    # libpq gives no SQLSTATE for a connection that fails, but tells whether the password was what was lacking or used.
    handle = error.pgconn
    asked = handle is not None and (handle.needs_password or handle.used_password)
    return (DatabaseUnreachable, _REFUSED if asked else _UNREACHABLE)


def _unexpected(error: BaseException | None, place: str) -> StoreError:
    return StoreError(
        f"Erreur inattendue de la base {place} : {type(error).__name__} ({_said(error)}). Lancez « vigie db check » ; "
        "si elle persiste, signalez-la."
    )


def _said(error: BaseException | None) -> str:
    """The driver's own words on one line; drivers never repeat a password."""
    return " ".join(str(error).split())[:200]
