"""Skolengo (Kosmos): a CAS page, an OIDC description, and the texts that the press quoted in April 2021."""

from monitor.rehearsal import mirror
from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import Page, as_json, html

_LOGIN = (
    '<main><h1>Se connecter</h1><form id="fm1" method="post" action="/login?selection=EDU">'
    "<fieldset><legend>Je suis</legend>"
    '<label><input type="radio" name="selection" value="EDU_parent_eleve"> Élève ou parent (ÉduConnect)</label>'
    '<label><input type="radio" name="selection" value="EDU"> Enseignant</label></fieldset>'
    '<input type="hidden" name="execution" value="e1s1"><button>Valider</button></form></main>'
)
_RESTRICTED = (
    "<main><h1>Accès restreint</h1><p>En raison d’un très grand nombre de connexions, l’accès est "
    "temporairement restreint aux élèves et aux enseignants.</p></main>"
)
_BUSY = (
    "<main><h1>Accès momentanément indisponible</h1><p>Accès momentanément indisponible, merci de réessayer.</p></main>"
)


class Skolengo(Manner):
    """See the module."""

    def well(self, asked: Asked) -> Page:
        """The CAS page or the OIDC description, by path."""
        if asked.path == "/login":
            return html("Authentification", _LOGIN)
        if asked.path.startswith("/oidc/.well-known"):
            end = f"{asked.origin}/oidc"
            return as_json({"issuer": end, "authorization_endpoint": f"{end}/oidcAuthorize", "jwks_uri": f"{end}/jwks"})
        return super().well(asked)

    def waiting(self, asked: Asked) -> Page | None:
        """No waiting room is known; « momentanément indisponible » was seen when the platform turned people away."""
        return html("Indisponible", _BUSY) if asked.path == "/login" and mirror.own(asked.probe.waiting_room) else None

    def restricted(self, asked: Asked) -> Page | None:
        """« temporairement restreint », in place of the sign-in page."""
        return html("Accès restreint", _RESTRICTED) if asked.path == "/login" else None
