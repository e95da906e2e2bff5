"""What can go on the wire: hosts, addresses, headers, files of authorities. Refused here, or it would fail at night."""

import re
import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

Wrong = tuple[str, str]

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # a token of RFC 9110
# These belong to the client and to the connection: overridden, they break the exchange or are silently not sent.
_OURS = frozenset(
    {"accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te"}
    | {"trailer", "transfer-encoding", "upgrade", "user-agent"}
)


def host_fault(host: str) -> Wrong | None:
    """Why a text names no machine, and the mend; None when it does (a name, or an IP address without brackets)."""
    if _is_address(host) or _is_name(host):
        return None
    return "nom de machine impossible", "écrivez le nom seul, par exemple « ent.exemple.fr », sans « https:// » ni port"


def url_fault(text: str) -> Wrong | None:
    """Why a text is no address that a probe can ask, and the mend; None when it is one. Credentials: see `leaks`."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        sound = parts.scheme in {"http", "https"} and bool(host) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound, host = False, None
    if not sound or host is None or re.search(r"[\s\x00-\x1f\x7f]", text):
        return (
            "adresse qui n’est pas une URL absolue",
            "commencez par « https:// » (ou « http:// ») suivi du nom de la machine",
        )
    return ("adresse dont le nom de machine est impossible", "corrigez ce nom") if host_fault(host) else None


def header_name_fault(name: str) -> Wrong | None:
    """Why a text is no name of a header, and the mend."""
    if _HEADER.fullmatch(name):
        return None
    return "nom d’en-tête impossible", "lettres, chiffres et tirets, sans espace ni « : »"


def sent_header_fault(name: str) -> Wrong | None:
    """Why a probe may not add a header of this name, and the mend."""
    if name.strip().lower() in _OURS:
        return f"en-tête « {name.strip()} » tenu par Vigie elle-même", "retirez-le : une sonde n’y change rien"
    return header_name_fault(name)


def header_value_fault(value: str) -> Wrong | None:
    """Why a text can be no value of a header, and the mend. The value is never repeated: it may be a secret."""
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        return "valeur d’en-tête avec un caractère de contrôle", "une seule ligne, sans retour ni caractère nul"
    return None


def authority_fault(file: str) -> Wrong | None:
    """Why a file cannot serve as a private authority, and the mend. It is read as the probes will read it."""
    try:
        if not Path(file).is_file():
            return "fichier d’autorité absent", "donnez le chemin d’un fichier PEM, lisible d’où Vigie est lancée"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except (OSError, ValueError):  # ssl.SSLError is an OSError; ValueError: a NUL in the path
        return "fichier d’autorité illisible", "donnez un fichier PEM que le compte de Vigie peut lire"
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _is_name(host: str) -> bool:
    if not 0 < len(host) <= 253:
        return False
    try:
        labels = host.encode("idna").decode("ascii").removesuffix(".").split(".")
    except UnicodeError:
        return False
    # A name whose last label is a number is an IPv4 address to many parsers, and no canonical one.
    return all(_LABEL.fullmatch(label) for label in labels) and not _NUMBER.fullmatch(labels[-1])
