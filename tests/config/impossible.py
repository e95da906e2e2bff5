"""Expectations that no answer can meet, or that every answer meets; one catalogue each, for `test_refusals`."""

import pytest

from tests.config.written import INLINE

PAGE = "services[0].probes.page"


def case(name: str, probe: str, where: str, what: str, mend: str) -> object:
    """One wrong probe of a service, its keys after `kind` and `url`."""
    text = INLINE % f'kind: http, url: "https://x.example/", {probe}'
    return pytest.param(text, 20, f"{PAGE}{where}", what, mend, id=name)


CASES = [
    case("nothing to see", "every: 60s", "", "sans repère", "contains"),
    case("a status alone", "expect: {status: [200, 404]}", ".expect", "sans repère", "counts_for: slow"),
    case("a header of any server", "expect: {header: {Content-Type: json}}", ".expect", "sans repère", "json"),
    case("only forbidden", "expect: {not_contains: [Erreur]}", ".expect", "sans repère", "contains"),
    case("both", "expect: {contains: [a], not_contains: [a]}", ".expect", "attendu et interdit", "retirez-le"),
    case("a part of it", "expect: {contains: [Entrer ici], not_contains: [ici]}", ".expect", "attendu et interdit", "retirez"),
    case("no body", "expect: {status: [204], contains: [a]}", ".expect", "sans corps", "status"),
    case("not final", "expect: {status: [103, 200], contains: [a]}", ".expect", "1xx", "200 à 599"),
    case("below a value", "expect: {json: {a: 3, a.b: present}}", ".expect", "champ JSON", "gardez"),
    case(
        "a redirect elsewhere", "expect: {status: [302], header: {Location: a}, final_host: y.example}", ".expect",
        "jamais suivie", "Location",
    ),
    case("status", "expect: {contains: [a]}, waiting_room: {status: [200]}", ".waiting_room", "toute réponse", "page saine"),
    case("one of two", "expect: {status: [200, 404], contains: [a]}, blocked: {status: [404]}", ".blocked", "n° 1", "page saine"),
    case("its text", "expect: {contains: [Entrer ici]}, maintenance: {contains: [ici]}", ".maintenance", "n° 1", "page saine"),
    case(
        "its json, second of two", "expect: {json: {a: 1}}, restricted: [{contains: [non]}, {json: {a: 1}}]", ".restricted",
        "n° 2", "page saine",
    ),
    case("queue", "expect: {status: [200, 429], contains: [a]}, queue_on_429: true", ".queue_on_429", "429", "retirez"),
    case("empty step", "expect: {json: {a..b: 1}}", ".expect.json.a..b", "étape vide", "CAS.actif"),
    case("leading dot", "expect: {json: {.a: 1}}", ".expect.json..a", "étape vide", "CAS.actif"),
    case("final dot", "expect: {json: {a.: 1}}", ".expect.json.a.", "étape vide", "CAS.actif"),
    case("space", "expect: {json: {'a. b': 1}}", ".expect.json.a. b", "espace", "CAS.actif"),
    case("long way", f"expect: {{json: {{{'a.' * 20}a: 1}}}}", f".expect.json.{'a.' * 20}a", "trop long", "20 étapes"),
    case("far place", "expect: {json: {a.12345678: 1}}", ".expect.json.a.12345678", "démesurée", "liste.0"),
    case("blank text", "expect: {contains: [' ']}", ".expect.contains[0]", "espaces", "mots"),
    case("any page", "expect: {matches: ['a*']}", ".expect.matches[0]", "page vide", "« + »"),
    case("unclosed", "expect: {matches: ['(a']}", ".expect.matches[0]", "RE2", "références"),
    case("costly", "expect: {matches: ['a.{500}b']}", ".expect.matches[0]", "trop coûteuse", "répétitions"),
    case("costly marker", "expect: {contains: [a]}, blocked: {matches: ['a.{500}b']}", ".blocked.matches[0]", "coûteuse", "répét"),
    case("second marker", "expect: {contains: [a]}, blocked: [{contains: [b]}, {contain: [c]}]", ".blocked[1].contain", "inconnue", "contains"),
    case("text for a marker", "expect: {contains: [a]}, blocked: interdit", ".blocked", "une liste", "[a, b]"),
    case("name", "expect: {contains: [a]}, blocked: {name: A b, contains: [b]}", ".blocked.name", "identifiant", "minuscules"),
    case("wildcard", "expect: {contains: [a], final_host: '*.a..b'}", ".expect.final_host", "machine", "nom seul"),
    pytest.param(
        INLINE % "kind: dns, host: x.example, expect: {json: {a: 1}}", 20, f"{PAGE}.expect", "pas de sens", "retirez",
        id="json for a dns probe",
    ),
    pytest.param(
        "defaults:\n  blocked:\n    - {contains: [a]}\n", 16, "defaults.blocked[0].name", "obligatoire", "name",
        id="a general marker without its name",
    ),
    pytest.param(
        "defaults:\n  blocked:\n    - {name: mur, final_host: '*.a b'}\n", 16, "defaults.blocked[0].final_host", "machine",
        "nom seul", id="a general marker of an impossible host",
    ),
    pytest.param(
        "defaults: {expect: {contains: [a]}}\n", 14, "defaults.expect", "clé inconnue", "every", id="nobody expects by default",
    ),
]  # fmt: skip
