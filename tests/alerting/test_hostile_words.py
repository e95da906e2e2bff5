"""What people of ill will may write into names and pages reaches no header, no markup and no formula of a reader's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from monitor.alerting import Letter, Message, Sender, burst_letter, letter_of, past
from monitor.alerting.clean import clean
from monitor.alerting.mailbox import mailbox as mailbox_of
from monitor.alerting.messages import LANGUAGES, TITLE_LIMIT
from monitor.domain.attribution import Attribution, Count
from monitor.domain.catalog import Operator
from monitor.domain.incident import Incident
from monitor.domain.reason import Reason
from tests.alerting.conftest import Mailbox, Webhook
from tests.alerting.golden import CATALOG, READERS, WELL, case

PAYLOADS = {
    "header": "ENT\r\nBcc: tous@exemple.fr\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
    "lone-ends": "a\rb\nc\x0bd\x0ce\x85f\u2028g\u2029h",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;",
    "control": "\x00\x01\x07\x08\x1b[31m\x1b]0;titre\x07\x7f\x9b2J",
    "bidi": "\u202etxt.exe\u202c \u2066x\u2069 \u200b\u200d\ufeff \u061c",
    "sum": '=HYPERLINK("https://mechant.example";"ENT")',
    "plus": "+33 1+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "link": "https://mechant.example/?a=1&b=2 [ENT](https://mechant.example) mailto:x@mechant.example",
    "encoded": "=?utf-8?b?QmNjOiB0b3VzQGV4ZW1wbGUuZnI=?=",
    "template": "{title} {0} {service.__class__} %s %(x)s ${x}",
    "private": "\ue000\ud83d\U000e0041 \U000f0000",
    "long": "Z" * 600,
}
FORBIDDEN = {"\r", "\x00", "\x1b", "\x07", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\u202e", "\u2066", "\ufeff"}
HEADERS = {
    "subject", "from", "to", "reply-to", "date", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "x-application", "x-vigie",
}  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def told(payload: str, reader: str, reason: Reason, language: str) -> tuple[Letter, ...]:
    """Every letter in which the payload stands wherever people may write something."""
    names = {name: replace(one, name=payload, buyer=payload) for name, one in CATALOG.services.items()}
    hostile = replace(
        CATALOG,
        services=names,
        operators={"edifice": Operator("edifice", payload, support=payload)},
        territories={code: replace(one, name=payload) for code, one in CATALOG.territories.items()},
    )
    base = case(reason, replace(READERS[reader], language=language))
    cause = Attribution(
        f"hoster:{payload}", base.incident.services, explained=True, test=Count(f"hoster:{payload}", 3, 3, 0, 9, 0.1),
        ruled_out=(Count(f"zone:{payload}", 2, 9, 3, 9, 1.0),), undeclared=("hoster",),
    )  # fmt: skip
    incident = replace(base.incident, cause=cause)
    if incident.culprit.startswith("operator:"):
        incident = replace(incident, culprit=f"platform:{payload}")
    one = replace(base, catalog=hostile, incident=incident, page=f"https://vigie.example/incidents/{payload}")
    letters = [letter_of(one, None), letter_of(one, payload), burst_letter([one] * 4, [one], page=payload)]
    if not incident.ours:
        letters.append(_past(one.incident, one.subscription.id, language, hostile, payload))
    return tuple(letters)


def _past(incident: Incident, reader: str, language: str, catalog: object, payload: str) -> Letter:
    known = next(one for one in READERS.values() if one.id == reader)
    return past(
        Reason.CLOSED, replace(incident, recovered_at=WELL), replace(known, language=language), catalog,  # type: ignore[arg-type]
        WELL + timedelta(hours=1), page=payload, rehearsal=payload,
    )  # fmt: skip


def every() -> Iterator[tuple[str, Letter]]:
    for name, payload in PAYLOADS.items():
        for reader in ("rectorat", "head-overseas", "operator"):  # a buyer reads what a rectorat reads
            for language in LANGUAGES:
                for reason in Reason:
                    for letter in told(payload, reader, reason, language):
                        yield name, letter


def test_no_letter_holds_what_steers_a_header_a_terminal_or_the_reading_direction() -> None:
    count = 0
    for name, letter in every():
        count += 1
        assert len(letter.title) <= TITLE_LIMIT, name
        assert clean(letter.title) == letter.title, name
        assert not FORBIDDEN & set(letter.body), name
        lines = letter.body.removesuffix("\n").split("\n")
        assert [line for line in lines if clean(line) != line.strip()] == [], name
        # A spreadsheet takes the title for words, and so does whoever pastes a line of the body.
        assert not letter.title.startswith(FORMULA), name
        assert not [line for line in lines if line.startswith(FORMULA) and not line.startswith("- ")], name
        assert not [line for line in lines if line.startswith(("Bcc:", "Content-Type:"))], name
    assert count == 15 * 2 * 9 * (4 + 4 + 3)  # of our own line none is past


async def test_a_real_mail_has_one_subject_and_plain_text(sender: Sender, mailbox: Mailbox) -> None:
    gateway = f"mailto://127.0.0.1:{mailbox.port}/?from=vigie@example.org&mode=insecure"
    url = mailbox_of(gateway, "rectorat@example.org", {"X-Vigie": "essai"})
    for name, payload in PAYLOADS.items():
        (letter, *_) = told(payload, "rectorat", Reason.SPREAD, "fr")
        assert (await sender.send(Message("m", url, letter.title, letter.body))).delivered, name
        mail = mailbox.mails.pop()
        assert mailbox.recipients == ["rectorat@example.org"], name
        mailbox.recipients.clear()
        # A reader of headers makes ordinary spaces of those that do not break.
        assert [plain(one) for one in mail.get_all("Subject", [])] == [plain(letter.title)]
        keys = [key.lower() for key in mail.keys()]  # noqa: SIM118 - of a header that stands twice, both
        assert len(keys) == len(set(keys)), name
        assert set(keys) <= HEADERS, name
        parts = [part for part in mail.walk() if not part.is_multipart()]
        assert [part.get_content_type() for part in parts] == ["text/plain"], name
        text = parts[0].get_content().replace("\r\n", "\n")  # type: ignore[attr-defined]
        assert text.strip() == letter.body.strip(), name


async def test_a_webhook_gets_title_and_body_as_they_are(sender: Sender, webhook: Webhook) -> None:
    for name, payload in PAYLOADS.items():
        (letter, *_) = told(payload, "head", Reason.OPENED, "en")
        message = Message("m", f"json://127.0.0.1:{webhook.port}/", letter.title, letter.body)
        assert (await sender.send(message)).delivered, name
        received = webhook.received.pop()
        assert received["title"] == letter.title
        assert received["message"].strip() == letter.body.strip(), name
        assert set(received) == {"version", "title", "message", "attachments", "type"}


def test_a_template_in_a_name_is_never_filled() -> None:
    (letter, *_) = told(PAYLOADS["template"], "rectorat", Reason.OPENED, "fr")
    assert "{title} {0} {service.__class__} %s %(x)s ${x}" in letter.body
