"""Which server a destination goes through, its rate, and what marks every copy of a message."""

from datetime import UTC, datetime

import pytest

from monitor.alerting.gateways import gateway_of, rate_of, reference, with_headers, with_reference
from monitor.alerting.merged import merged
from monitor.alerting.sender import Message
from tests.alerting.conftest import Mailbox

SMTP = "mailtos://smtp.example.org:587"


@pytest.mark.parametrize(
    ("url", "gateway"),
    [
        ("mailto://vigie:secret@Smtp.Example.org/?to=a@x.fr", "mailto://smtp.example.org"),
        ("mailtos://u:p@smtp.example.org:587/?to=a@x.fr", SMTP),
        ("mailtos://u:p@example.org/?smtp=Relay.example.org&to=a@x.fr", "mailtos://relay.example.org"),
        ("json://[2001:db8::1]:8080/hook", "json://2001:db8::1:8080"),
        ("json://host:port/", "json://"),
        ("slack://TokenA/TokenB", "slack://tokena"),
        ("nonsense", "://"),
    ],
)
def test_the_server_behind_an_address(url: str, gateway: str) -> None:
    assert gateway_of(url) == gateway


def test_mailboxes_behind_one_server_share_it_and_nothing_of_a_person_is_in_it() -> None:
    assert len({gateway_of(f"{SMTP}/?to=h{number}@x.fr") for number in range(9)}) == 1
    assert "secret" not in gateway_of("mailto://vigie:secret@smtp.example.org/?to=a@x.fr")


@pytest.mark.parametrize(
    ("rates", "rate"),
    [
        ({}, 20.0),
        ({"other.org": 1.0}, 20.0),
        ({"smtp.example.org": 1.0}, 1.0),
        ({"smtp.example.org": 1.0, "smtp.example.org:587": 2.0}, 2.0),
        ({"smtp.example.org:587": 2.0, "mailtos://smtp.example.org": 3.0}, 3.0),
        ({"mailtos://smtp.example.org": 3.0, SMTP: 4.0}, 4.0),
        ({"mailto://smtp.example.org": 3.0, "smtp.example.org:25": 5.0}, 20.0),
    ],
)
def test_the_most_precise_rate_counts(rates: dict[str, float], rate: float) -> None:
    assert rate_of(SMTP, rates) == rate


def test_only_mail_has_a_rate_by_itself() -> None:
    assert rate_of("json://hook", {}) is None
    assert rate_of("json://hook", {"hook": 0.5}) == 0.5


def test_a_reference_is_short_and_the_same_every_time() -> None:
    refs = {reference(f"i{number}/s/opened-down") for number in range(10_000)}
    assert len(refs) == 10_000
    assert reference("i0/s/opened-down") in refs
    assert with_reference("corps\n\n", "3F9A1-C220B", "fr") == "corps\n\nRéf.\u00a03F9A1-C220B\n"
    assert with_reference("body", "3F9A1-C220B", "en") == "body\n\nRef.\u00a03F9A1-C220B\n"


def test_headers_for_mail_alone_and_those_that_are_named_already_stay() -> None:
    assert with_headers("json://hook/", "R", "i") == "json://hook/"
    assert with_headers(f"{SMTP}?to=a", "R", "i").startswith(f"{SMTP}?to=a&%2BX-Vigie-Reference=R&%2BReferences=%3C")
    named = f"{SMTP}/?to=a&%2BReferences=%3Cx%3E"
    assert with_headers(named, "R", "i") == f"{named}&%2BX-Vigie-Reference=R"
    assert with_headers(f"{SMTP}/", "R", "i") != with_headers(f"{SMTP}/", "R", "j")


async def test_a_real_server_reads_the_headers_and_one_mailbox_refused_is_one(sender, mailbox: Mailbox) -> None:
    url = f"mailto://127.0.0.1:{mailbox.port}/?from=vigie@example.org&to=a@example.org&mode=insecure"
    for number in range(2):
        marked = with_headers(url, reference(f"m{number}"), "incident")
        assert (await sender.send(Message(f"m{number}", marked, "Titre", "Corps"))).delivered
    first, second = mailbox.mails
    assert first["X-Vigie-Reference"] == reference("m0")
    assert first["References"] == second["References"]
    assert str(first["References"]).endswith("@vigie.invalid>")


class Said:
    def __init__(self, title: str, body: str, at) -> None:
        self.title, self.body, self.created_at = title, body, at


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        (
            "fr",
            "Deux messages en un : le premier n’a pas pu être remis plus tôt. Du 6 avril à 8 h 03 (heure de Paris), il "
            "disait : « EN PANNE — Bcc: vilain ». Voici la suite.",
        ),
        (
            "en",
            "Two messages in one: the first could not be delivered earlier. Of 6 April at 08:03 (Paris time), it said: "
            "“EN PANNE — Bcc: vilain”. What follows is the second.",
        ),
        ("br", "Deux messages"),
    ],
)
def test_a_beginning_and_its_end_in_one_letter_golden(language: str, opening: str) -> None:
    first = Said("EN PANNE — \u202eBcc: vilain\r\n", "corps", datetime(2021, 4, 6, 6, 3, tzinfo=UTC))
    last = Said("RÉTABLI", "Tout va bien.\n", datetime(2021, 4, 6, 8, tzinfo=UTC))
    title, body = merged(first, last, language)
    assert title == "RÉTABLI"
    said, _, rest = body.partition("\n\n")
    assert said.replace("\u00a0", " ").startswith(opening)
    assert rest == "Tout va bien.\n"
