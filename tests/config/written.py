"""Small catalogues as people write them, to be spoilt by the tests."""

ENT = 'services:\n  - {{id: ent-a, name: A, kind: ent, profile: entcore, url: "https://a.example", territories: ["D:59"]{}}}\n'
INLINE = """\
services:
  - id: mien
    name: "Mien"
    kind: autre
    territories: ["D:59"]
    probes:
      page: {%s}
"""


def ent(extra: str) -> str:
    return ENT.format(", " + extra)
