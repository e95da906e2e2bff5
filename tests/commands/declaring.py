"""A small catalogue for those who declare something, and what `vigie` answers them."""

import json
from collections.abc import Callable

CATALOGUE = """\
vigie: 1
operators: [{id: edifice, name: Edifice}, {id: iles, name: Îles}]
canaries:
  - {id: c1, kind: http, every: 60s, url: "https://one.example/", expect: {status: [200]}}
  - {id: c2, kind: http, every: 60s, url: "https://two.test/", expect: {status: [200]}}
  - {id: c3, kind: http, every: 60s, url: "https://three.invalid/", expect: {status: [200]}}
  - {id: c4, kind: http, every: 60s, url: "https://four.localhost/", expect: {status: [200]}}
services:
  - id: ent-a
    name: ENT A
    kind: ent
    operator: edifice
    territories: ["D:59"]
    probes: {login: {kind: http, url: "https://a.example/", expect: {contains: ["Identifiant"]}}}
  - id: ent-nc
    name: ENT NC
    kind: ent
    operator: iles
    territories: ["C:988"]
    probes: {login: {kind: http, url: "https://nc.example/", expect: {contains: ["Identifiant"]}}}
  - id: ent-pf
    name: ENT PF
    kind: ent
    operator: iles
    territories: ["C:987"]
    probes: {login: {kind: http, url: "https://pf.example/", expect: {contains: ["Identifiant"]}}}
"""

Vigie = Callable[..., tuple[int, str, str]]


def as_json(answered: tuple[int, str, str]) -> list[dict[str, object]]:
    code, out, err = answered
    assert (code, err) == (0, "")
    found: list[dict[str, object]] = json.loads(out)
    return found
