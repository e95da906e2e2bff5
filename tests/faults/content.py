"""Pages that answer 200 and help nobody, and pages that say what they are. Facts: docs/method.md and the catalogue.

Where `like` names a probe of a profile, the real catalogue's own probe is asked, with its own markers.
"""

import json

from tests.faults.place import LOGIN, Place, Talk, reply
from tests.faults.registry import Block, Family

content = Family("content")

QUEUE = "a waiting room is waiting, whatever its status"
SHUT = "the page answers, but what a user needs is not on it"
BLOCKED = "a refusal of our address or of machines says nothing about the service"
WORKS = "a page being mended says so"

ENTCORE = {"like": ("entcore", "login")}
SKOLENGO = {"like": ("skolengo", "login"), "url": "{url}/login"}
PRONOTE = {"like": ("pronote", "instance")}
CAS = {"like": ("cas", "login")}
MOODLE = {"like": ("moodle", "login")}


def page(title: str, body: str) -> str:
    """A page of HTML."""
    return f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'


WAIT = (
    "<p>Vous êtes très nombreux à vous connecter : réessayez dans 3 minutes.</p>"
    "<p lang=es>Muchas personas se conectan: inténtelo de nuevo en 3 minutos.</p>"
    "<p lang=en>Many of you are connecting: please try again in 3 minutes.</p>"
)
QUOTA = "<p>Pour le confort de tous, une logique de quota a été mise en place : mesures exceptionnelles.</p>"
TOKEN = {"jetonCAS": "A1B2C3D4", "version": [2026, 1, 4], "date": "22/11/2026 08:00:00", "espaces": [{"nom": "Élèves"}]}

for name, body, expected, says, why, like in (
    ("entcore-login", '<script src="/auth/public/dist/application.js"></script>', None, "entcore: its login", "well", ENTCORE),
    (
        "entcore-wait-2020", f'<img src="/auth/public/img/tooload.png">{QUOTA}', "content/waiting_room",
        "entcore's waiting room before 19 April 2021", QUEUE, ENTCORE,
    ),
    (
        "entcore-wait-2021", f'<img src="/auth/public/img/tooload.svg">{WAIT}', "content/waiting_room",
        "entcore's waiting room since, in three languages", QUEUE, ENTCORE,
    ),
    ("skolengo-login", '<form id="fm1"><input name="execution"></form>', None, "Skolengo: its login", "well", SKOLENGO),
    (
        "skolengo-restricted", "<p>L’accès à votre ENT est temporairement restreint.</p>", "content/restricted",
        "Skolengo, 6 April 2021, Grand Est", "as an anonymous visitor sees it", SKOLENGO,
    ),
    (
        "skolengo-unavailable", "<p>Votre ENT est momentanément indisponible.</p>", "content/unexpected",
        "Skolengo, 6 April 2021, Occitanie", "neither a queue nor a restriction: no login on it", SKOLENGO,
    ),
    ("pronote-closed", "<p>Le site n’est pas disponible</p>", "content/unexpected", "Pronote: closed", SHUT, PRONOTE),
    (
        "pronote-busy", "<p>Le site est momentanément indisponible</p>", "content/waiting_room", "Pronote: busy", QUEUE, PRONOTE,
    ),
    ("pronote-expired", "<p>La page a expiré</p>", "content/unexpected", "Pronote: the page has expired", SHUT, PRONOTE),
    (
        "pronote-suspended", "<p>Votre adresse IP est provisoirement suspendue</p>", "ours/blocked",
        "Pronote suspends our address", BLOCKED, PRONOTE,
    ),
    ("cas-maintenance", "<h1>Opération de maintenance</h1>", "content/maintenance", "a maintenance page, 200", WORKS, CAS),
    ("login-without-form", "<h1>Connexion</h1><p>Bienvenue sur votre portail.</p>", "content/unexpected", "no form", SHUT, CAS),
    ("error-as-200", "<h1>Erreur 500</h1><p>Une erreur est survenue.</p>", "content/unexpected", "an error, 200", SHUT, CAS),
    ("moodle-login", "<input id=username><input id=password>", None, "Moodle: its two fields", "well", MOODLE),
    ("moodle-half", "<input id=username>", "content/unexpected", "Moodle: one field only", SHUT, MOODLE),
):  # fmt: skip
    content.sends(
        name, reply(page("Maintenance" if "maintenance" in name else "Portail", body)), expected, says, why, **like
    )

content.sends("pronote-well", reply(json.dumps(TOKEN)), None, "Pronote: its announcement", "well", **PRONOTE)
content.sends(
    "cned-502", reply("", "502 Bad Gateway"), "exchange/server_error", "CNED, 8 April 2021", "HTTP 502", **MOODLE
)
content.sends("entcore-wait-503", reply(page("ENT", WAIT + '<img src="/auth/public/img/tooload.svg">'), "503 Busy"),
              "content/waiting_room", "entcore's waiting room, should it answer 503", QUEUE, **ENTCORE)  # fmt: skip
content.sends("entcore-context", reply('{"callBack": "/", "passwordRegex": ".*"}'), None,
              "/auth/context, green while the login waits", "well: it escapes the quota", like=("entcore", "context"))  # fmt: skip
content.sends("empty-page", reply(""), "content/unexpected", "200 and nothing", SHUT)
content.sends("blank-page", reply("<html><body></body></html>"), "content/unexpected", "200 and a blank page", SHUT)
content.sends("json-null", reply("null"), "content/unexpected", "null where a document is expected", SHUT,
              like=("entcore", "context"))  # fmt: skip
content.sends(
    "deep-json", reply("[" * 100_000), "content/unexpected", "100,000 brackets", SHUT, like=("entcore", "context")
)
content.sends("audience-only", reply(page("ENT", "<p>Accès réservé aux élèves et aux enseignants de 8 h à 18 h.</p>")),
              "content/restricted", "some audiences may enter, by hours", "the service's own marker",
              restricted={"contains": ["réservé aux élèves et aux enseignants"]})  # fmt: skip
content.sends("forbidden-text", reply(LOGIN + "Accès fermé"), "content/unexpected", "a text that must not be there",
              "not_contains", expect={"status": [200], "contains": ["Identifiant"], "not_contains": ["fermé"]})  # fmt: skip
content.sends("backtracking", reply("a" * 200_000), "content/unexpected", "200 KB against (a|aa)+$b", "linear search",
              expect={"status": [200], "matches": ["(a|aa)+(a|aa)+b$"]})  # fmt: skip

# The generic queues and walls: the real catalogue's general markers must know them, with no marker of the service's.
CDN_ROOM = page(
    "Waiting Room powered by Cloudflare", "<h1>You are now in line.</h1><p>Your estimated wait time is 4 minutes.</p>"
)
CDN_JSON = {"cfWaitingRoom": {"inWaitingRoom": True, "waitTimeKnown": True, "waitTime": 4, "waitTimeFormatted": "4 minutes",
            "queueIsFull": False, "queueAll": False, "lastUpdated": "2026-11-22T08:00:00.000Z", "refreshIntervalSeconds": 20}}  # fmt: skip
CDN_COOKIE = "Set-Cookie: __cfwaitingroom=ChhGVUtFLi4u; Domain=exemple.test; Path=/; HttpOnly; SameSite=Lax"
WALL = '<script>window._cf_chl_opt={cType:"managed"}</script><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
IMPERVA = '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9&incident_id=1" title="">Request unsuccessful. Incapsula incident ID: 1</iframe>'
F5 = "The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 1234567890"

content.sends(
    "cdn-room", reply(CDN_ROOM, "200 OK", CDN_COOKIE), "content/waiting_room", "a CDN's waiting room, 200", QUEUE
)
content.sends("cdn-room-json", reply(json.dumps(CDN_JSON), "200 OK", "Content-Type: application/json", CDN_COOKIE),
              "content/waiting_room", "the same in JSON, with the wait", QUEUE)  # fmt: skip
content.sends("wall-403", reply(page("Just a moment...", WALL), "403 Forbidden", "cf-mitigated: challenge"), "ours/blocked",
              "a CDN's challenge, 403", BLOCKED)  # fmt: skip
content.sends("wall-503", reply(page("Just a moment...", WALL), "503 Service Unavailable", "cf-mitigated: challenge"),
              "ours/blocked", "the same as 503, its older form", BLOCKED)  # fmt: skip
content.sends(
    "wall-200", reply(f"<html><body>{IMPERVA}</body></html>"), "ours/blocked", "a firewall's page, 200", BLOCKED
)
content.sends(
    "wall-rejected", reply(page("Request Rejected", F5)), "ours/blocked", "a firewall's refusal, 200", BLOCKED
)


@content.builds("queue-vendor", "content/waiting_room", "leads to a queue vendor's host, with its token", QUEUE)
async def queue_vendor(place: Place) -> Block:
    async def lead(talk: Talk) -> None:
        where = place.url("/?c=exemple&e=ent&t=http%3A%2F%2Fent.test%2F&q=5a0c4e1e", host="exemple.queue-it.net")
        await talk.send(reply("", "302 Found", f"Location: {where}"))

    async def room(talk: Talk) -> None:
        await talk.send(reply(page("Queue-it", "<p>Vous êtes dans la file d’attente.</p>")))

    place.named(place.second)
    place.zone["exemple.queue-it.net"] = place.zone[place.host]
    await place.listen(lead)
    await place.listen(room, at=place.second)
    return {"url": place.url()}
