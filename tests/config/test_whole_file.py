"""Secrets, circles, ids taken twice, and every error of a file at once."""

import pytest

from monitor.config import CatalogInvalid, load
from tests.config.written import ENT, INLINE, ent

SECRETS = [
    (
        "subscriptions:\n  - {id: s, territories: [N], to_env: VIGIE_S, to: 'mailto://moi:motdepasse@example.org'}\n",
        "subscriptions[0].to",
    ),
    (
        "subscriptions:\n  - {id: s, territories: [N], to_env: 'slack://TokenA/TokenB/motdepasse'}\n",
        "subscriptions[0].to_env",
    ),
    (ENT.format("").replace("https://a.example", "https://moi:motdepasse@a.example"), "services[0].url"),
    (ent('page: "https://a.example/?token=motdepasse"'), "services[0].page"),
    (ent('page: "https://hooks.slack.com/services/motdepasse"'), "services[0].page"),
    (ent("password: motdepasse"), "services[0].password"),
    (
        INLINE % 'kind: http, url: "https://x.example", headers: {Authorization: motdepasse}',
        "services[0].probes.page.headers.Authorization",
    ),
    *(
        (
            INLINE % f'kind: http, url: "https://x.example", headers: {{{name}: motdepasse}}',
            f"services[0].probes.page.headers.{name}",
        )
        for name in ("X-Auth-Token", "x-client-secret", "Ocp-Apim-Subscription-KEY", "Proxy-Authorization")
    ),
]


@pytest.mark.parametrize(("text", "where"), SECRETS)
def test_a_secret_is_refused_and_never_repeated(problems, text, where):
    found = problems(text)
    assert [problem.where for problem in found if "secret" in problem.what] == [where]
    assert not any("motdepasse" in str(problem) for problem in found)


NOT_REPEATED = {
    "id": ENT.format("").replace("ent-a", "slack:motdepasse"),
    "id without any sign": ENT.format("").replace("ent-a", "MOTDEPASSE"),
    "id taken twice": ENT.format("").replace("ent-a", "MOTDEPASSE")
    + ENT.format("").replace("ent-a", "MOTDEPASSE").removeprefix("services:\n"),
    "duration": ent("every: motdepasse-trop-long"),
    "expression": INLINE % "kind: http, url: 'https://x.example', expect: {matches: ['(motdepasse']}",
    "header": INLINE % r"""kind: http, url: 'https://x.example', headers: {X-A: "motdepasse\n"}""",
    "choice": ent("audience: [motdepasse]"),
    "reference": ent("operator: 'ntfy:motdepasse'"),
    "token": ent("operator: motdepasse0123456789"),
    "key": ent("'motdepasse@example.org': 1"),
    "key taken twice": ent("'ntfy:motdepasse': 1, 'ntfy:motdepasse': 2"),
    "authority": INLINE % "kind: http, url: 'https://x.example', ca: /motdepasse.pem",
    "host": INLINE % "kind: tls, host: 'mot de passe motdepasse'",
}


@pytest.mark.parametrize("name", NOT_REPEATED)
def test_what_may_be_a_secret_on_the_wrong_line_is_not_repeated(problems, name):
    told = " ".join(str(problem) for problem in problems(NOT_REPEATED[name]))
    assert "motdepasse" not in told.lower(), told


def test_the_nearest_name_is_looked_for_a_few_times_only(problems):
    block = ENT.removeprefix("services:\n").format(", depends_on: [ent-{n}-x]")
    text = "services:\n" + "".join(block.replace("ent-a", f"ent-{n}").replace("{n}", str(n)) for n in range(60))
    found = problems(text)
    assert len(found) == 60
    assert sum("vouliez-vous" in problem.mend for problem in found) == 20
    assert all("service inconnu" in problem.what and problem.mend for problem in found)


def test_a_secret_that_is_assembled_from_variables_is_refused(problems):
    head = 'vars: {who: "moi:motdepasse"}, probes: {page: {kind: http, url: "https://{who}@a.example/"}}'
    assert any("secret" in problem.what for problem in problems(ent(head)))


def test_a_witness_has_no_variables(problems, head):
    (problem,) = problems("", head=head.replace("http://un.example/", "http://{qui}.example/"))
    assert (problem.line, problem.where) == (3, "canaries[0]")
    assert "témoin" in problem.mend


def test_a_wrong_default_is_told_once_and_not_blamed_on_services(problems):
    (problem,) = problems("defaults: {every: 60}\n" + ENT.format(""))
    assert (problem.line, problem.where) == (14, "defaults.every")


def test_impossible_defaults_are_told_at_the_defaults(problems):
    found = problems("defaults: {fail_after: 30}\n" + ENT.format(""))
    assert {problem.where for problem in found} == {"defaults"}


def test_a_wrong_profile_is_not_blamed_on_its_services(problems, head):
    (problem,) = problems(
        ENT.format(""), head=head.replace('kind: http, url: "{url}/auth/login"', 'kind: htp, url: "{url}/auth/login"')
    )
    assert problem.where == "profiles.entcore.probes.login.kind"


def test_a_circle_of_dependencies_is_told_once(problems):
    block = '  - {{id: {}, name: X, kind: ent, profile: entcore, url: "https://x.example", territories: [N], depends_on: [{}]}}\n'
    text = (
        "services:\n"
        + block.format("a", "b")
        + block.format("b", "c")
        + block.format("c", "a")
        + block.format("d", "a")
    )
    (problem,) = problems(text)
    assert (problem.line, problem.where) == (15, "services[0].depends_on")
    assert "a → b → c → a" in problem.what


def test_a_service_cannot_depend_on_itself(problems):
    (problem,) = problems(ent("depends_on: [ent-a]"))
    assert "ent-a → ent-a" in problem.what


@pytest.mark.parametrize("section", ["operators", "canaries", "subscriptions"])
def test_an_id_is_taken_once_in_every_section(problems, write, section):
    item = {
        "operators": "{id: x, name: X}",
        "canaries": '{id: x, kind: http, url: "http://x.example/", every: 10s, timeout: 3s}',
        "subscriptions": "{id: x, territories: [N], to_env: VIGIE_X}",
    }[section]
    (problem,) = problems(f"vigie: 1\n{section}:\n  - {item}\n  - {item}\n", head="")
    assert (problem.line, problem.where) == (4, f"{section}[1].id")


def test_a_line_of_our_own_needs_four_witnesses(problems, head):
    thin = "".join(line for line in head.splitlines(keepends=True) if "quatre" not in line)
    (problem,) = problems(ENT.format(""), head=thin)
    assert problem.where == "canaries"
    assert "3 témoins" in problem.what


def test_witnesses_that_fall_together_are_one(problems, loaded, head):
    alike = head.replace("//deux.example/", "//b.un.example/").replace("//trois.example/", "//c.un.example/")
    (problem,) = problems(ENT.format(""), head=alike)
    assert problem.where == "canaries"
    assert "quatre.example, un.example" in problem.what
    assert "3" in problem.mend
    assert loaded("", head=alike).catalog.canaries  # without a service there is nobody to accuse


def test_witnesses_by_address_count_by_network_and_a_laboratory_is_left_alone(problems, loaded, head):
    def at(*hosts: str) -> str:
        text = head
        for name, host in zip(("un", "deux", "trois", "quatre"), hosts, strict=True):
            text = text.replace(f"//{name}.example/", f"//{host}/")
        return text

    (problem,) = problems(ENT.format(""), head=at("9.9.9.9", "9.9.1.1", "[2620:fe::fe]", "[2620:fe::9]"))
    assert "2620:fe::/32, 9.9.0.0/16" in problem.what
    for hosts in (
        ("9.9.9.9", "1.1.1.1", "8.8.8.8", "8.8.4.4"),
        ("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "10.0.0.1"),
        ("temoin.localhost",) * 4,
    ):
        assert loaded(ENT.format(""), head=at(*hosts)).catalog.canaries


def test_a_profile_is_accused_once_however_many_services_share_it(problems):
    head = """\
vigie: 1
canaries: []
profiles:
  nu:
    probes:
      login: {kind: http, url: "{url}/", expect: {status: [200]}, retry_every: 10m}
services:
"""
    block = '  - {{id: s-{}, name: S, kind: ent, profile: nu, url: "https://x.example", territories: [N]}}\n'
    wheres = [problem.where for problem in problems("".join(block.format(n) for n in range(5)), head=head)]
    assert wheres == ["canaries", "profiles.nu.probes.login", "profiles.nu.probes.login.expect"]


def test_every_error_of_the_file_is_told_at_once_sorted_by_line(problems):
    text = """\
services:
  - {id: un, name: Un, kind: ant, profile: entcore, url: "https://un.example", territories: ["A:Lile"], operater: edifice}
  - {id: deux, nam: Deux, kind: ent, profile: entcore, territories: [N], retry_every: 9m}
  - {id: deux, name: Trois, kind: ent, profile: entcore, url: "https://moi:x@trois.example", territories: [N]}
subscriptions:
  - {id: s, territories: ["A:Lile"], to: "mailto://x:y@z", min_share: 2}
"""
    found = problems(text)
    assert [(problem.line, problem.where) for problem in found] == sorted(
        (problem.line, problem.where) for problem in found
    )
    assert {problem.where for problem in found} == {
        "services[0].kind", "services[0].territories[0]", "services[0].operater",
        "services[1].nam", "services[1].name", "services[1].url", "services[1]",
        "services[2].id", "services[2].url",
        "subscriptions[0].territories[0]", "subscriptions[0].to", "subscriptions[0].to_env", "subscriptions[0].min_share",
    }  # fmt: skip


def test_the_message_is_whole_and_french(write):
    path = write(ent("operater: edifice"))
    with pytest.raises(CatalogInvalid) as caught:
        load(path)
    text = str(caught.value)
    assert text.startswith(f"{path}\u00a0: 1 erreur")
    assert "ligne 15" in text
    assert "vouliez-vous écrire «\u00a0operator\u00a0»\u202f?" in text
