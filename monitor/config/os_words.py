"""What the system refuses, in French: the reason of an OSError, for whoever reads our sentences."""

import errno

_REASONS = {
    errno.ENOENT: "fichier ou dossier absent",
    errno.EACCES: "accès refusé",
    errno.EPERM: "opération non permise",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un dossier du chemin n’en est pas un",
    errno.EEXIST: "existe déjà sans être un dossier",
    errno.ENOTEMPTY: "dossier non vide",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "liens qui tournent en rond",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "quota de disque atteint",
    errno.EFBIG: "fichier trop grand",
    errno.EROFS: "disque en lecture seule",
    errno.EIO: "erreur d’entrée-sortie du disque",
    errno.EBUSY: "occupé par un autre programme",
    errno.ETXTBSY: "occupé par un autre programme",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.ENFILE: "trop de fichiers ouverts sur la machine",
    errno.ENOMEM: "plus de mémoire",
    errno.EADDRINUSE: "adresse déjà prise",
    errno.EADDRNOTAVAIL: "adresse qui n’est pas à cette machine",
    errno.ECONNREFUSED: "connexion refusée",
    errno.ECONNRESET: "connexion coupée",
    errno.ENETUNREACH: "réseau injoignable",
    errno.EHOSTUNREACH: "machine injoignable",
    errno.ETIMEDOUT: "délai dépassé",
}


def os_reason(error: OSError) -> str:
    """Why the system refused, in a few French words without a full stop; its number where there are none."""
    if error.errno is None:
        return "raison inconnue"
    return _REASONS.get(error.errno, f"erreur {error.errno} du système")


def os_sentence(error: OSError) -> str:
    """The whole message: that of an error we worded ourselves as it is, else the file concerned and the reason."""
    if error.errno is None:
        return str(error)
    reason = os_reason(error)
    if error.filename is None:
        return f"{reason[0].upper()}{reason[1:]}."
    return f"{error.filename}\u00a0: {reason}."
