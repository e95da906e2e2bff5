"""The description is exact: schemathesis asks what it allows and what it does not; every answer has the shape it promises."""

import os
import urllib.request

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from dashboard.public.api.contract import ENDPOINTS, HEALTH_PAGE
from dashboard.public.api.openapi import description

from .conftest import Web
from .routes import all_routes

EXAMPLES = int(os.environ.get("VIGIE_API_EXAMPLES", "6"))  # of each address, and of each kind (allowed, not allowed)
PATHS = [one.path for one in (*ENDPOINTS, HEALTH_PAGE)]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def described():
    return schemathesis.openapi.from_dict(description("0", None))


@pytest.mark.parametrize("wrong", [False, True], ids=["allowed", "anything"])
@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_asked_is_answered_as_described(open_web: Web, described, path: str, wrong: bool) -> None:
    modes = schemathesis.GenerationMode
    operation = described[path]["GET"]
    cases = operation.as_strategy(generation_mode=modes.NEGATIVE if wrong and operation.query else modes.POSITIVE)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=open_web.url)
        if answer.status_code == 503 and path != "/health":
            assert b'{"error"' in answer.content  # busy is an answer; it is described, and no error of the server
            return
        case.validate_response(
            answer, checks=[one for one in CHECKS if path != "/health" or one is not not_a_server_error]
        )

    ask()


@pytest.mark.parametrize(
    "path",
    ["/api/v1/status", "/api/v1/services", "/api/v1/services/ent-hdf", "/api/v1/territories", "/api/v1/territories/A:lille",
     "/api/v1/incidents", "/api/v1/incidents?from=2026-09-01&to=2026-10-01", "/api/v1/incidents/20260914-060300-ent77",
     "/api/v1/observations?service=ent-hdf", "/api/v1/availability?territory=A:lille", "/api/v1/availability?service=pix",
     "/api/v1/seals", "/health"],
)  # fmt: skip
def test_what_is_there_has_the_shape_it_promises(open_web: Web, described, path: str) -> None:
    bare = path.partition("?")[0]
    operation = next(
        described[one]["GET"]
        for one in PATHS
        if one == bare
        or ("{key}" in one and bare.startswith(one.removesuffix("{key}")) and one.count("/") == bare.count("/"))
    )
    case = operation.Case()
    code, headers, body = open_web.told(path) if path != "/health" else open_web.get(path)
    assert code in {200, 503 if path == "/health" else 200}
    raw = schemathesis.Response(
        status_code=code, headers={name: [value] for name, value in headers.items()}, content=body,
        request=None, elapsed=0.0, verify=False, message="", http_version="1.1",
    )  # fmt: skip
    assert operation.validate_response(raw, case=case) is None


def test_every_address_is_described_and_every_description_is_an_address() -> None:
    told = set(description("0", None)["paths"])
    assert told == {path for path in all_routes() if path.startswith("/api/v1/") and "openapi" not in path} | {
        "/health"
    }


def test_the_description_is_that_of_the_code(open_web: Web) -> None:
    with urllib.request.urlopen(f"{open_web.url}/api/v1/openapi.json") as answer:
        assert b'"https://vigie.example"' in answer.read()
