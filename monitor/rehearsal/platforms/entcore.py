"""entcore (Edifice, formerly Open Digital Education): sign-in page, context, and the waiting room that answers 200.

Facts read in the platform's public code: the view `tooload` replaces the sign-in page without changing the status,
in three languages on the same page, while `/auth/context` stays well; its picture was a PNG until 19 April 2021,
then an SVG.
"""

from datetime import UTC, datetime

from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import Page, as_json, html

_NEW_VIEW = datetime(2021, 4, 18, 22, tzinfo=UTC)  # midnight of 19 April in Paris
_CONTEXT = {
    "callBack": "/timeline/timeline",
    "cgu": True,
    "passwordRegex": "^.{8,}$",
    "mandatory": {"mail": False, "phone": False},
    "passwordRegexI18n": {"fr": "Huit caractères au moins"},
    "passwordRegexI18nActivation": {"fr": "Huit caractères au moins"},
    "mfaConfig": [],
}
_LOGIN = (
    '<div id="main"><form name="loginForm" method="post" action="/auth/login"><input name="email" id="email">'
    '<input name="password" id="password" type="password"><button>Se connecter</button></form></div>'
    '<script src="/auth/public/dist/application.js"></script>'
)
_WAIT_2020 = (
    (
        "fr",
        "Situation exceptionnelle : mesures exceptionnelles et logique de quota sont en place. Revenez plus tard.",
    ),
    ("es", "Situación excepcional: el acceso está limitado por cuotas. Vuelva más tarde."),
    ("en", "Exceptional situation: access is limited by quota. Please come back later."),
)
_WAIT_2021 = (
    (
        "fr",
        "Forte affluence : vous êtes très nombreux à vous connecter. Merci de patienter 3 minutes avant de réessayer.",
    ),
    ("es", "Gran afluencia: espere 3 minutos antes de volver a intentarlo."),
    ("en", "High traffic: please wait 3 minutes before trying again."),
)


class Entcore(Manner):
    """See the module."""

    def well(self, asked: Asked) -> Page:
        """The sign-in page, the choice of a profile, the context or the OIDC description, by path."""
        match asked.path:
            case "/auth/login":
                return html("Connexion", _LOGIN, body_class="login")
            case "/auth/saml/wayf":
                return html("Choix du profil", '<ul class="wayf"><li>Élève</li><li>Parent</li><li>Enseignant</li></ul>')
            case "/auth/context":
                return as_json(_CONTEXT)
            case "/auth/openid/.well-known/openid-configuration":
                return as_json({"issuer": asked.origin, "authorization_endpoint": f"{asked.origin}/auth/oauth2/auth"})
        return super().well(asked)

    def waiting(self, asked: Asked) -> Page | None:
        """The view `tooload`, at the address where an anonymous visitor meets it."""
        if asked.path != "/auth/login":
            return None
        new = asked.at >= _NEW_VIEW
        texts = "\n".join(f'<p lang="{lang}">{text}</p>' for lang, text in (_WAIT_2021 if new else _WAIT_2020))
        return html(
            "Merci de patienter", f'<img src="/auth/public/img/tooload.{"svg" if new else "png"}" alt="">\n{texts}'
        )
