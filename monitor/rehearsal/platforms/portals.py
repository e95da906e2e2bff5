"""Portals and sign-in servers that need one page each: CAS, uPortal, Keycloak, Moodle, École Directe."""

from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import Page, as_json, html

_FIELDS = (
    '<label>Identifiant <input id="username" name="username"></label>'
    '<label>Mot de passe <input id="password" name="password" type="password"></label>'
)


class Cas(Manner):
    """A CAS sign-in form: `execution` on recent servers; laclasse.com and its like link to ÉduConnect."""

    def well(self, asked: Asked) -> Page:  # noqa: ARG002 - one page for every address
        """The form, whatever the path: these services are one address each."""
        hidden = (
            '<input type="hidden" name="execution" value="e1s1"><input type="hidden" name="_eventId" value="submit">'
        )
        link = '<a href="/sso/educonnect">ÉduConnect</a>'
        return html(
            "Connexion", f'<form id="fm1" method="post">{_FIELDS}{hidden}<button>Se connecter</button></form>{link}'
        )


class Uportal(Cas):
    """A portal in front of a CAS (Net O'Centre): the session of an anonymous visitor, or the CAS form."""

    def well(self, asked: Asked) -> Page:
        """The session by its path, else the form."""
        if asked.path.endswith("/api/session.json"):
            return as_json({"person": {"userName": "guest", "authenticated": "false"}})
        return super().well(asked)


class Keycloak(Manner):
    """A realm: its OIDC description, or the sign-in page."""

    def well(self, asked: Asked) -> Page:
        """The description names the realm that was asked, as the standard has it."""
        realm, found, _ = asked.path.partition("/.well-known/openid-configuration")
        if found:
            issuer = asked.origin + realm
            return as_json({"issuer": issuer, "authorization_endpoint": f"{issuer}/protocol/openid-connect/auth"})
        return html(
            "Connexion",
            f'<form id="kc-form-login">{_FIELDS}<input id="kc-login" type="submit" value="Se connecter"></form>',
        )


class Moodle(Manner):
    """The CNED's sign-in page; on 8 April 2021 its three sites answered 502."""

    def well(self, asked: Asked) -> Page:
        """The sign-in form, at its path."""
        if not asked.path.startswith("/login"):
            return super().well(asked)
        return html("Connexion", f'<form id="login" action="/login/index.php" method="post">{_FIELDS}</form>')


class EcoleDirecte(Manner):
    """The interface's first answer sets a GTK cookie; the web application is mirrored."""

    def well(self, asked: Asked) -> Page:
        """JSON and the cookie on the interface, else what the probe expects."""
        if asked.path.endswith("/login.awp"):
            return as_json(
                {"code": 200, "token": "", "message": ""}, headers=(("Set-Cookie", "GTK=gtk-fictif; path=/"),)
            )
        return super().well(asked)
