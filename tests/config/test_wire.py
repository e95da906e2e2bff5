"""Values that YAML and the schema let pass, and that would only fail while asking."""

import pytest

from monitor.config.wire import host_fault, url_fault

PROBE = """\
services:
  - id: mien
    name: "Mien"
    kind: autre
    territories: [N]
    probes:
      page: {%s}
"""
HTTP = PROBE % 'kind: http, url: "https://x.example", expect: {contains: [Identifiant]}, %s'
BARE = PROBE % 'kind: http, url: "https://x.example", %s'
PAGE = "services[0].probes.page"

HOSTS = [
    "a b",
    "a..b",
    ".a",
    "a-.fr",
    "-a.fr",
    "https://x.fr",
    "x.fr:443",
    "x.fr/",
    "127.1",
    "0x7f.1",
    "2130706433",
    "fe80::1%lo",
]
HOSTS += ["é" * 80 + ".fr", "a." * 130 + "fr", "[::1]", "a\u00a0b", "x%41.fr", "x,fr"]


@pytest.mark.parametrize("host", HOSTS)
def test_hosts_that_are_no_names(host):
    assert host_fault(host)


@pytest.mark.parametrize(
    "host", ["ent.example", "École.example", "a_b.example", "x.fr.", "127.0.0.1", "::1", "3ds.example", "localhost"]
)
def test_hosts_that_are(host):
    assert host_fault(host) is None


@pytest.mark.parametrize(
    "url", ["https://a..b/", "https://x%41.fr/", "https://127.1/", "https://-a.fr", "https://x,fr/"]
)
def test_addresses_of_hosts_that_are_no_names(url):
    assert "machine" in (url_fault(url) or ("",))[0]


@pytest.mark.parametrize("url", ["https://[::1]:8443/a", "http://127.0.0.1/", "https://École.example/é?a=b%20c"])
def test_addresses_that_are_sound(url):
    assert url_fault(url) is None


REFUSED = [
    pytest.param(PROBE % "kind: tls, host: 'a b'", f"{PAGE}.host", "machine", id="tls host"),
    pytest.param(PROBE % "kind: dns, host: 'https://x.fr/'", f"{PAGE}.host", "machine", id="dns host"),
    pytest.param(PROBE % "kind: tcp, host: a..b, port: 1", f"{PAGE}.host", "machine", id="tcp host"),
    pytest.param(PROBE % "kind: http, url: 'https://a..b/'", f"{PAGE}.url", "machine", id="url"),
    pytest.param(BARE % "expect: {contains: [a], final_host: 'https://x.fr'}", f"{PAGE}.expect.final_host", "machine", id="final host"),
    pytest.param(HTTP % r'headers: {X-A: "b\r\nHost: evil"}', f"{PAGE}.headers.X-A", "contrôle", id="CRLF in a value"),
    pytest.param(HTTP % r'headers: {X-A: "b\0"}', f"{PAGE}.headers.X-A", "contrôle", id="NUL in a value"),
    pytest.param(HTTP % "headers: {'X A': b}", f"{PAGE}.headers.X A", "impossible", id="space in a name"),
    pytest.param(HTTP % "headers: {'X:A': b}", f"{PAGE}.headers.X:A", "impossible", id="colon in a name"),
    pytest.param(HTTP % r'headers: {"X\nA": b}', f"{PAGE}.headers.(non répété)", "impossible", id="LF in a name"),
    pytest.param(BARE % r"expect: {header: {'X A': b}}", f"{PAGE}.expect.header.X A", "impossible", id="expected header"),
    *(
        pytest.param(HTTP % f"headers: {{{name}: x}}", f"{PAGE}.headers.{name}", "tenu par Vigie", id=name)
        for name in ("Connection", "accept-encoding", "Host", "Content-Length", "Transfer-Encoding", "User-Agent")
    ),
    pytest.param(HTTP % "ca: /nulle/part.pem", f"{PAGE}.ca", "absent", id="authority that is not there"),
    pytest.param(HTTP % "ca: /dev/null", f"{PAGE}.ca", "absent", id="authority that is no file"),
    pytest.param(HTTP % "slow: 50s, timeout: 10s", PAGE, "« slow »", id="slow beyond the timeout"),
    pytest.param(HTTP % "slow: 10s, timeout: 10s", PAGE, "« slow »", id="slow at the timeout"),
    pytest.param("defaults: {slow: 20s}\n" + HTTP % "every: 60s", "defaults", "« slow »", id="slow of the defaults"),
    pytest.param(HTTP % "every: 60s, retry_every: 10s" + '    buyer: "A\\0B"\n', "services[0].buyer", "contrôle", id="NUL in a text"),
    pytest.param(HTTP % "every: 60s" + "    users: 1000000000000\n", "services[0].users", "trop grand", id="users"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what"), REFUSED)
def test_they_are_refused_where_they_stand_and_nothing_else_is(problems, text, where, what):
    (problem,) = problems(text)
    assert (problem.where, problem.line is not None) == (where, True)
    assert what in problem.what.replace("\u00a0", " ")
    assert problem.mend


KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n"
BROKEN = "-----BEGIN CERTIFICATE-----\nbm9u\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("text", ["bonjour", "", KEY, BROKEN, "\0" * 100])
def test_an_authority_that_is_no_certificate(problems, tmp_path, text):
    (tmp_path / "ca.pem").write_text(text)
    (problem,) = problems(HTTP % f"ca: {tmp_path}/ca.pem")
    assert (problem.where, problem.line) == (f"{PAGE}.ca", 20)
    assert "illisible" in problem.what
    assert "PEM" in problem.mend


def test_an_authority_that_is_a_folder(problems, tmp_path):
    (problem,) = problems(HTTP % f"ca: {tmp_path}")
    assert "absent" in problem.what


def test_a_host_that_a_service_puts_into_a_profile_is_blamed_on_the_service(problems, head):
    head = head.replace('url: "{url}/auth/login"', 'url: "https://cas.{domain}/"')
    text = "services:\n  - {id: a, name: A, kind: ent, profile: entcore, url: 'https://a.example', vars: {domain: 'a..b'}, territories: [N]}\n"
    (problem,) = problems(text, head=head)
    assert (problem.line, problem.where) == (15, "services[0]")


def test_our_own_line_has_no_slow_to_tell(loaded):
    assert loaded("defaults: {slow: 4s}\n").catalog.canaries
