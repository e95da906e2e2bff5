from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import CatalogInvalid, Config, Problem, load

HEAD = """\
vigie: 1
canaries:
  - {id: un, kind: http, url: "http://un.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: deux, kind: http, url: "http://deux.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: trois, kind: http, url: "http://trois.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
  - {id: quatre, kind: http, url: "http://quatre.example/", every: 10s, timeout: 3s, expect: {status: [204]}}
operators:
  - {id: edifice, name: Edifice}
profiles:
  entcore:
    probes:
      login: {kind: http, url: "{url}/auth/login", expect: {contains: [login]}}
      context: {kind: http, url: "{url}/auth/context", expect: {json: {callBack: present}}, counts_for: slow}
"""


@pytest.fixture
def head() -> str:
    """The first thirteen lines of every small catalogue of these tests."""
    return HEAD


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """A catalogue file made of the head above and some more lines."""

    def make(more: str, head: str = HEAD) -> Path:
        path = tmp_path / "probes.yaml"
        path.write_text(head + more, encoding="utf-8")
        return path

    return make


@pytest.fixture
def loaded(write: Callable[..., Path]) -> Callable[..., Config]:
    return lambda more, **kw: load(write(more, **kw))


@pytest.fixture
def problems(write: Callable[..., Path]) -> Callable[..., tuple[Problem, ...]]:
    """The errors of a file that must be refused."""

    def refuse(more: str, **kw: str) -> tuple[Problem, ...]:
        with pytest.raises(CatalogInvalid) as caught:
            load(write(more, **kw))
        return caught.value.problems

    return refuse
