import pytest

from monitor.alerting.mailbox import mailbox

GATEWAY = (
    "mailtos://vigie:s3cret@smtp.example.org:465/old@example.org?from=vigie@example.org&to=old@example.org&mode=ssl"
)


def read(url):
    """What Apprise makes of it, in the very words of its plugin."""
    from apprise.plugins.email.base import NotifyEmail  # noqa: PLC0415 - 2.5 s of loading

    return NotifyEmail.parse_url(url)


def test_only_the_one_address_is_written_to():
    found = read(mailbox(GATEWAY, "ce.0590001f+a@ac-lille.fr"))
    assert [one for one in found["targets"] if one] == ["ce.0590001f+a@ac-lille.fr"]
    assert (found["host"], found["port"], found["user"], found["password"]) == (
        "smtp.example.org",
        465,
        "vigie",
        "s3cret",
    )
    assert (found["from_addr"], found["secure_mode"]) == ("vigie@example.org", "ssl")


def test_headers_arrive_as_they_were_given():
    headers = {
        "List-Unsubscribe": "<https://vigie.example/d?a=1&b=2+3;4>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert read(mailbox(GATEWAY, "a@b.fr", headers))["headers"] == headers


@pytest.mark.parametrize("value", ["a\r\nBcc: x@y.fr", "a\nb", "\u202eabc", "a\x00", "é"])
def test_no_header_of_theirs_can_be_slipped_in(value):
    with pytest.raises(ValueError, match="une ligne"):
        mailbox(GATEWAY, "a@b.fr", {"References": value})


@pytest.mark.parametrize("gateway", ["json://host/", "mailto://", "smtp.example.org", ""])
def test_what_is_no_mail_server_is_refused(gateway):
    with pytest.raises(ValueError, match="passerelle"):
        mailbox(gateway, "a@b.fr")
