"""The process that speaks Apprise: one JSON line in, one JSON line out, no database, no log. Ends when its input ends.

In: ``{"id", "url", "title", "body"}``, or ``{"id", "url", "check": true}`` to read an address without sending, or
``{"id", "pulse": true}`` to hear whether the process still listens.
Out: first ``{"ready": true}``, then ``{"id", "delivered", "words"}`` for each line, in the order of their ends.
`words` are French and hold nothing of the address but its scheme.
"""

import json
import logging
import os
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TextIO

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins import url_to_dict
from apprise.result import AppriseResultStatus

from monitor.alerting.schemes import ALLOWED, REFUSED_OPTIONS, refusal, scheme_of
from monitor.domain.delivery import AT_ONCE

PATIENCE_S = 25.0  # below the 30 s that the sender grants, so that the answer is ours and the process survives

_UNREADABLE = "Apprise ne sait pas lire cette adresse d’envoi ({scheme}://…)."
_WORDS = {
    AppriseResultStatus.SUCCESS: "Remis ({scheme}://…).",
    AppriseResultStatus.FAILURE: "Le destinataire ({scheme}://…) ne répond pas ou n’accepte pas le message.",
    AppriseResultStatus.PARTIAL: "Une partie des destinataires ({scheme}://…) n’a pas reçu le message.",
    AppriseResultStatus.NOMATCH: "Aucun destinataire ne correspond à cette adresse d’envoi ({scheme}://…).",
    AppriseResultStatus.TIMEOUT: "Le destinataire ({scheme}://…) n’a pas répondu à temps.",
}


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        plugin_paths=[],
        storage_mode="memory",
        service_timeout=PATIENCE_S,
        allow_templates=False,
        secure_logging=True,
        app_id="Vigie",
        app_desc="Vigie",
        app_url="",
        image_url_mask="",  # Apprise would have the reader's screen fetch an icon from a third party
        image_url_logo="",
        http_redirects=False,  # a redirected POST becomes a GET: 200, and the message is lost
        pgp_autogen=False,
        pem_autogen=False,
        interpret_escapes=False,
        interpret_emojis=False,
    )


def open_address(url: str, asset: apprise.AppriseAsset) -> tuple[Any, str | None]:
    """The Apprise service of a URL and None, or None and the French sentence that says why there is none."""
    if sentence := refusal(url):
        return None, sentence
    parsed = url_to_dict(url)  # type: ignore[no-untyped-call] # Apprise leaves it bare
    # Apprise's own reading of the options is the one that counts: it splits on ";" too.
    if parsed and (refused := sorted(REFUSED_OPTIONS & set(parsed.get("qsd", {})))):
        return None, f"Options refusées dans l’adresse d’envoi\u00a0: {', '.join(refused)}."
    if parsed:
        parsed["format"] = "text"
    service = apprise.Apprise.instantiate(parsed, asset=asset) if parsed else None
    return service, None if service else _UNREADABLE.format(scheme=scheme_of(url))


def handle(order: dict[str, Any], asset: apprise.AppriseAsset) -> tuple[bool, str]:
    """Send, or only read the address: whether it went well, and French words."""
    service, sentence = open_address(order["url"], asset)
    if sentence is not None:
        return False, sentence
    scheme = scheme_of(order["url"])
    if order.get("check"):
        return True, f"Adresse lisible ({scheme}://…)."
    destination = apprise.Apprise(asset=asset)
    destination.add(service)
    result = destination.notify(body=order["body"], title=order["title"], body_format=apprise.NotifyFormat.TEXT)
    return bool(result), _WORDS[result.status].format(scheme=scheme)


def serve(lines: TextIO, answers: TextIO) -> None:
    """Answer every line until the input ends; unreadable lines are left alone, they cannot be answered by id."""
    asset, one_at_a_time = _asset(), threading.Lock()
    # Apprise has one pool of its own for all sends, of four threads and one for each core: six on a small machine,
    # which one black hole would take. Twice as many as leave at once: a send that was given up may hold its thread.
    apprise.apprise._shared_executor = ThreadPoolExecutor(2 * AT_ONCE)  # noqa: SLF001 - there is no other way to say it
    NotificationManager().enable_only(*ALLOWED)  # type: ignore[no-untyped-call] # the same

    def say(identity: str, *, delivered: bool, words: str) -> None:
        with one_at_a_time:
            answers.write(json.dumps({"id": identity, "delivered": delivered, "words": words}) + "\n")
            answers.flush()

    def answer(identity: str, done: "Future[tuple[bool, str]]") -> None:
        fault = done.exception()
        delivered, words = (False, f"Erreur à l’envoi\u00a0: {type(fault).__name__}.") if fault else done.result()
        say(identity, delivered=delivered, words=words)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers.write('{"ready": true}\n')
        answers.flush()
        for line in lines:
            order = json.loads(line)
            if order.get("pulse"):  # not in the pool: eight slow destinations are no reason to call it dead
                say(order["id"], delivered=True, words="")
                continue
            task = pool.submit(handle, order, asset)
            task.add_done_callback(lambda done, identity=order["id"]: answer(identity, done))  # type: ignore[misc] # mypy cannot infer a lambda with a default


def main() -> None:
    """Keep the real standard output for answers: whatever a plugin prints must not enter the conversation."""
    logging.disable(logging.CRITICAL)  # Apprise's log lines name destinations
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
