"""Each thing that `vigie validate` must refuse: where it stands, what is wrong, what would be right."""

import pytest

from monitor.config import uai_check_letter
from tests.config import impossible
from tests.config.written import ENT, INLINE, ent

CASES = [
    pytest.param(
        ENT.format("").replace("ent-a", "Ent A"), 15, "services[0].id", "identifiant mal formé", "ent-hdf", id="malformed id"
    ),
    pytest.param(
        ENT.format("").replace("ent-a", "canary"), 15, "services[0].id", "réservé", "autre identifiant", id="reserved id"
    ),
    pytest.param(
        ENT.format("").replace("https://a.example", "https://a.example?x=1"), 15, "services[0].url", "« ? »", "« vars »",
        id="base address with a query",
    ),
    pytest.param(ent("name_: 3"), 15, "services[0].name_", "clé inconnue", "« name »", id="unknown key, once more"),
    pytest.param(
        INLINE % 'kind: http, url: "https://x.example", expect: {contain: [x]}', 20, "services[0].probes.page.expect.contain",
        "clé inconnue", "« contains »", id="unknown key deep inside",
    ),
    pytest.param(
        INLINE % 'kind: http, url: "https://x.example", expect: {json: {a: [1]}}', 20, "services[0].probes.page.expect.json.a",
        "ni un texte ni un nombre", "present", id="json value that is a list",
    ),
    pytest.param(
        INLINE.replace("page:", "Ma page:") % 'kind: http, url: "https://x.example"', 20, "services[0].probes.Ma page",
        "identifiant mal formé", "ent-hdf", id="malformed name of a probe",
    ),
    pytest.param(INLINE % "kind: http", 20, "services[0].probes.page", "sans « url »", "url", id="http without url"),
    pytest.param(INLINE % "kind: tls", 20, "services[0].probes.page", "sans « host »", "host", id="tls without host"),
    pytest.param(
        INLINE % 'kind: http, url: "//x.example"', 20, "services[0].probes.page.url", "URL absolue", "https://", id="inline url"
    ),
    pytest.param(
        INLINE % 'kind: http, url: "https://{qui}.example"', 15, "services[0].vars.qui", "« {qui} »", "vars", id="unknown variable"
    ),
    pytest.param("services: {}\n", 14, "services", "liste", "- …", id="section that is no list"),
    pytest.param("services: [texte]\n", 14, "services[0]", "bloc de clés", "clé: valeur", id="service that is no block"),
    pytest.param(
        INLINE % "kind: http, url: 'https://[::1'", 20, "services[0].probes.page.url", "URL absolue", "https://", id="broken host"
    ),
    pytest.param(ENT.format("").replace("D:59", "U:059"), 15, "services[0].territories[0]", "mal formé", "sept chiffres", id="short UAI"),
    pytest.param(ent("operater: edifice"), 15, "services[0].operater", "clé inconnue", "« operator »", id="unknown key"),
    pytest.param("servises: []\n", 14, "servises", "clé inconnue", "« services »", id="unknown key at the top"),
    pytest.param(ent('operator: edifise'), 15, "services[0].operator", "exploitant inconnu", "« edifice »", id="unknown operator"),
    pytest.param(
        INLINE.replace("kind: autre", "kind: autre\n    profile: entkore") % "", 18, "services[0].profile",
        "profil inconnu", "« entcore »", id="unknown profile",
    ),
    pytest.param(ent("depends_on: [educonnect]"), 15, "services[0].depends_on[0]", "service inconnu", "identifiant", id="unknown dependency"),
    pytest.param(ent("audience: [lycées]"), 15, "services[0].audience[0]", "valeur inconnue", "« lycee »", id="unknown audience"),
    pytest.param(ent("every: 60"), 15, "services[0].every", "durée illisible", "« 60s »", id="duration without unit"),
    pytest.param(ent("fail_after: 0"), 15, "services[0].fail_after", "trop petit", "au moins 1", id="no confirmation at all"),
    pytest.param(ent("confirmed: hier"), 15, "services[0].confirmed", "date", "2026-11-30", id="date"),
    pytest.param(ent("dormant: oui"), 15, "services[0].dormant", "true", "true ou false", id="flag"),
    pytest.param(
        ENT.format("").replace("D:59", "A:Lile"), 15, "services[0].territories[0]", "territoire inconnu", "« A:lille »",
        id="unknown territory",
    ),
    pytest.param(
        ENT.format("").replace("D:59", "Bretagne"), 15, "services[0].territories[0]", "territoire inconnu", "« R:53 »",
        id="territory by its name",
    ),
    pytest.param(
        ENT.format("").replace("D:59", "U:0590001A"), 15, "services[0].territories[0]", "lettre de contrôle fausse",
        "« U:0590001F »", id="UAI check letter",
    ),
    pytest.param(
        ENT.format("").replace("D:59", "U:9990001" + uai_check_letter("9990001")), 15, "services[0].territories[0]", "préfixe", "trois premiers chiffres", id="UAI of nowhere"
    ),
    pytest.param(
        ent("retry_every: 5m"), 15, "services[0]", "(fail_after - 1) × retry_every + timeout = 610 s", "120 s",
        id="confirmation that cannot finish in time",
    ),
    pytest.param(ent("timeout: 60s, fail_for: 5m"), 15, "services[0]", "« timeout »", "raccourcissez", id="timeout as long as the interval"),
    pytest.param(
        ENT.format("").replace('url: "https://a.example", ', ""), 15, "services[0].url", "variable « {url} »", "ajoutez « url",
        id="variable missing in a template",
    ),
    pytest.param(
        ENT.format("").replace("https://a.example", "a.example"), 15, "services[0].url", "URL absolue", "https://", id="relative URL"
    ),
    pytest.param(
        ENT.format("").replace("https://a.example", "ftp://a.example"), 15, "services[0].url", "URL absolue", "https://", id="not http"
    ),
    pytest.param(
        'services:\n  - {id: nu, name: Nu, kind: ent, territories: [N]}\n', 15, "services[0]", "sans sonde", "profile",
        id="service without probes",
    ),
    pytest.param(
        INLINE % 'kind: htpp, url: "https://x.example"', 20, "services[0].probes.page.kind", "valeur inconnue", "« http »",
        id="unknown kind of probe",
    ),
    pytest.param(INLINE % 'url: "https://x.example"', 20, "services[0].probes.page", "sans « kind »", "kind: http", id="no kind"),
    pytest.param(INLINE % "kind: tcp, host: x.example", 20, "services[0].probes.page", "sans « port »", "port", id="tcp without port"),
    pytest.param(
        INLINE % 'kind: dns, host: x.example, url: "https://x.example"', 20, "services[0].probes.page.url", "pas de sens",
        "retirez", id="url for a dns probe",
    ),
    pytest.param(
        INLINE % 'kind: http, url: "https://x.example", expect: {status: [600]}', 20, "services[0].probes.page.expect.status[0]",
        "trop grand", "au plus 599", id="impossible status",
    ),
    pytest.param(
        INLINE % "kind: http, url: 'https://x.example', expect: {matches: ['(a)\\1']}", 20,
        "services[0].probes.page.expect.matches[0]", "RE2", "références arrière", id="pattern that RE2 refuses",
    ),
    pytest.param(
        (INLINE % 'kind: http, url: "https://x.example", expect: {status: [200]}').replace("page:", "login:"), 20,
        "services[0].probes.login.expect", "sans repère", "contains", id="login that any page passes",
    ),
    *impossible.CASES,
    pytest.param(
        ent("formerly: [ent-a]"), 15, "services[0].formerly[0]", "déjà pris", "héritier", id="former id that is still in use"
    ),
    pytest.param(
        ENT.format("") + ENT.format("").removeprefix("services:\n"), 16, "services[1].id", "déjà pris par services[0]", "autre",
        id="duplicate service",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, from: down, to_env: VIGIE_S}\n", 15, "subscriptions[0]", "sans territoire", "A:lille",
        id="subscription to nothing",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, schools: [0590001G], to_env: VIGIE_S}\n", 15, "subscriptions[0].schools[0]",
        "lettre de contrôle fausse", "« 0590001F »", id="school of a wrong UAI",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, operators: [edifise], to_env: VIGIE_S}\n", 15, "subscriptions[0].operators[0]",
        "exploitant inconnu", "« edifice »", id="subscription to an unknown operator",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, territories: [N], audiences: [collège], to_env: VIGIE_S}\n", 15, "subscriptions[0].audiences[0]",
        "valeur inconnue", "« college »", id="subscription for an unknown audience",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, national: oui, to_env: VIGIE_S}\n", 15, "subscriptions[0].national",
        "true", "true ou false", id="flag of a subscription",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, territories: [N], to_env: vigie}\n", 15, "subscriptions[0].to_env", "variable", "VIGIE_",
        id="to_env that names no variable",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, territories: [N], to_env: VIGIE_S, second_to_env: vigie}\n", 15,
        "subscriptions[0].second_to_env", "variable", "VIGIE_", id="second_to_env that names no variable",
    ),
    pytest.param(
        "subscriptions:\n  - {id: s, territories: [N], from: dawn, to_env: VIGIE_S}\n", 15, "subscriptions[0].from",
        "valeur inconnue", "« down »", id="unknown health",
    ),
    *(
        pytest.param(
            f"subscriptions:\n  - {{id: s, territories: [N], {key}: {value}, to_env: VIGIE_S}}\n", 15,
            f"subscriptions[0].{key}", what, mend, id=f"{key} {value}",
        )
        for key, value, what, mend in (
            ("quiet", "22:00-25:00", "heures illisibles", "« 22:00-06:30 »"),
            ("quiet", "22h-6h30", "heures illisibles", "« 22:00-06:30 »"),
            ("quiet", "2200", "heures illisibles", "« 22:00-06:30 »"),
            ("quiet", "22:00-22:00", "deux fois la même heure", "« 22:00-06:30 »"),
            ("hours", "scool", "valeur inconnue", "« school »"),
            ("digest", "oui", "true", "true ou false"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "where", "what", "mend"), CASES)
def test_it_is_refused_with_line_path_and_mend(problems, text, line, where, what, mend):
    found = [problem for problem in problems(text) if problem.where == where]
    assert found, [str(problem) for problem in problems(text)]
    spoken = found[0].what.replace("\u00a0", " ").replace("\u202f", " ")
    mended = found[0].mend.replace("\u00a0", " ").replace("\u202f", " ")
    assert what in spoken
    assert mend in mended or mend in spoken
    assert found[0].line == line


@pytest.mark.parametrize(("text", "line", "where", "what", "mend"), CASES)
def test_nothing_else_is_accused(problems, text, line, where, what, mend):
    assert len(problems(text)) == 1
