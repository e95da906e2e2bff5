"""Pronote (Index Éducation): what its mobile description says, and the pages that stand in its place."""

from monitor.rehearsal import mirror
from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import Page, as_json, html

_BUSY = "<p>Le site est momentanément indisponible.</p>"


class Pronote(Manner):
    """See the module. The answer holds a token, as the real one does: whoever stores a body would be caught here."""

    def well(self, asked: Asked) -> Page:
        """The JSON that describes an instance, or the pupils' page, by path."""
        if asked.path.endswith("/InfoMobileApp.json"):
            return as_json(_described(asked))
        if asked.path.endswith((".html", "/pronote/")):
            return html(
                "PRONOTE", '<div id="div"></div><p>Index Éducation, PRONOTE</p><noscript>JavaScript requis</noscript>'
            )
        return super().well(asked)

    def waiting(self, asked: Asked) -> Page | None:
        """The page of an instance that is too busy, whatever was asked of it."""
        return html("PRONOTE", _BUSY) if "/pronote/" in asked.path and mirror.own(asked.probe.waiting_room) else None


def _described(asked: Asked) -> dict[str, object]:
    return {
        "version": [2020, 0, 2, 9],
        "date": asked.at.strftime("%d/%m/%Y %H:%M:%S"),
        "nomEtab": "Établissement de démonstration",
        "CAS": {"actif": False, "casURL": "https://cas.exemple.invalid/login", "jetonCAS": "jeton-a-ne-jamais-garder"},
        "espaces": [{"nom": "Espace Élèves", "URL": "mobile.eleve.html", "genreEspace": 6}],
        "modeModif": False,
    }
