from datetime import date, time, timedelta

import trustme

from monitor.domain.catalog import Audience, Marker, ProbeKind, Role, ServiceKind
from monitor.domain.observation import Health
from monitor.domain.policy import Policy
from monitor.domain.quiet import QuietHours
from monitor.domain.scope import SchoolScope

ONE_BLOCK = """\
services:
  - {id: ent-new, name: "Nouvel ENT", kind: ent, profile: entcore, url: "https://ent.new.example/", operator: edifice,
     territories: ["D:59"], audience: [college]}
"""


def test_a_new_ent_is_one_block(loaded):
    catalog = loaded(ONE_BLOCK).catalog
    service = catalog.services["ent-new"]
    assert (service.kind, service.platform, service.operator) == (ServiceKind.ENT, "entcore", "edifice")
    assert service.audience == (Audience.COLLEGE,)
    login, context = service.probes
    assert (login.id, login.service, login.url) == ("ent-new/login", "ent-new", "https://ent.new.example/auth/login")
    assert (login.expect.status, login.expect.contains) == ((200,), ("login",))
    assert context.expect.json == (("callBack", "present"),)
    assert (login.slow_only, context.slow_only) == (False, True)
    assert login.policy == Policy()


def test_the_nearest_word_wins(loaded):
    text = """\
defaults: {every: 2m, timeout: 9s, slow: 3s}
services:
  - id: ent-new
    name: N
    kind: ent
    profile: entcore
    url: "https://n.example"
    territories: [N]
    timeout: 8s
    probes:
      login: {timeout: 7s, url: "{url}/ici", expect: {contains: ["autre"]}}
      extra: {kind: tls, host: "{host}"}
"""
    login, context, extra = loaded(text).catalog.services["ent-new"].probes
    seconds = [probe.policy.timeout.total_seconds() for probe in (login, context, extra)]
    assert seconds == [7, 8, 8]
    assert {probe.policy.every for probe in (login, context, extra)} == {timedelta(minutes=2)}
    assert (login.url, login.expect.contains, login.kind) == ("https://n.example/ici", ("autre",), ProbeKind.HTTP)
    assert (extra.host, extra.port, extra.target) == ("n.example", 443, "n.example:443")


def test_a_profile_may_ask_for_other_variables(loaded, head):
    head = head.replace(
        "profiles:\n", 'profiles:\n  sko:\n    page: "https://cas.{domain}/"\n    probes:\n'
        '      login: {kind: http, url: "https://cas.{domain}/login", expect: {contains: ["{domain}"], matches: ["x{1,3}"]}}\n',
    )  # fmt: skip
    text = (
        "services:\n  - {id: s, name: S, kind: ent, profile: sko, vars: {domain: mon-ent.example}, territories: [N]}\n"
    )
    service = loaded(text, head=head).catalog.services["s"]
    (probe,) = service.probes
    assert (probe.url, service.page) == ("https://cas.mon-ent.example/login", "https://cas.mon-ent.example/")
    assert (probe.expect.contains, probe.expect.matches) == (("mon-ent.example",), ("x{1,3}",))


def test_markers_kinds_and_options_reach_the_probe(loaded, tmp_path):
    authority = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(authority))
    text = """\
services:
  - id: s
    name: S
    kind: autre
    territories: [N]
    confirmed: 2026-11-30
    users: 1200
    probes:
      page:
        kind: http
        url: "https://s.example"
        expect: {status: [200, 404], contains: [oui], not_contains: [a], final_host: s.example, header: {Content-Type: json}}
        waiting_room: [{name: file, contains: [b]}, {contains: [d]}]
        maintenance: {json: {status.indicator: maintenance, n: 3}}
        restricted: {matches: ["c|d"]}
        blocked: {status: [418]}
        queue_on_429: true
        headers: {Accept: "text/html"}
        ca: /etc/ca.pem
      port: {kind: tcp, host: s.example, port: 8443}
      name: {kind: dns, host: s.example}
"""
    service = loaded(text.replace("/etc/ca.pem", str(authority))).catalog.services["s"]
    page, port, name = service.probes
    assert page.url == "https://s.example/"
    assert page.expect.status == (200, 404)
    assert page.expect.header == (("Content-Type", "json"),)
    assert page.maintenance == (Marker(json=(("status.indicator", "maintenance"), ("n", 3))),)
    assert page.waiting_room == (Marker(contains=("b",), name="waiting_room/file"), Marker(contains=("d",)))
    assert (page.restricted, page.blocked) == ((Marker(matches=("c|d",)),), (Marker(status=(418,)),))
    assert (page.queue_on_429, page.headers, page.ca) == (True, (("Accept", "text/html"),), str(authority))
    assert (port.target, name.target) == ("s.example:8443", "s.example")
    assert (service.confirmed, service.users, service.platform) == (date(2026, 11, 30), 1200, None)


def test_a_way_of_asking_is_no_platform(loaded, head):
    head = head.replace("  entcore:\n", "  entcore:\n    shared: false\n")
    assert loaded(ONE_BLOCK, head=head).catalog.services["ent-new"].platform is None


def test_canaries_belong_to_no_service(loaded):
    catalog = loaded("").catalog
    assert [probe.id for probe in catalog.probes()] == ["canary/un", "canary/deux", "canary/trois", "canary/quatre"]
    assert {probe.service for probe in catalog.canaries} == {None}
    assert catalog.canaries[0].policy.every == timedelta(seconds=10)


def test_a_school_that_is_named_becomes_a_territory(loaded):
    catalog = loaded(ONE_BLOCK.replace("D:59", "U:0590001F")).catalog
    assert list(catalog.ancestors("U:0590001F")) == ["D:59", "A:lille", "R:32", "N"]
    assert catalog.related("U:0590001F", "A:lille")


def test_subscriptions(loaded):
    text = """\
subscriptions:
  - {id: moi, role: operator, to_env: VIGIE_OPERATOR_URL}
  - {id: lille, territories: ["A:lille"], from: waiting, settle: 5m, repeat: 4h, min_share: 0, language: en, to_env: VIGIE_LILLE, second_to_env: VIGIE_LILLE_2}
  - {id: noumea, territories: ["C:988"], quiet: 22:00-06:30, hours: school, digest: true, to_env: VIGIE_NOUMEA}
"""
    operator, lille, noumea = loaded(text).subscriptions
    assert (operator.role, operator.from_health, operator.min_share) == (Role.OPERATOR, Health.DOWN, 0.1)
    assert (lille.territories, lille.from_health, lille.settle) == (("A:lille",), Health.WAITING, timedelta(minutes=5))
    assert (lille.repeat, lille.min_share, lille.language) == (timedelta(hours=4), 0, "en")
    assert (operator.second_to_env, lille.second_to_env) == (None, "VIGIE_LILLE_2")
    assert (lille.quiet, lille.school_hours, lille.digest) == (None, False, False)
    assert (noumea.quiet, noumea.school_hours, noumea.digest) == (QuietHours(time(22), time(6, 30)), True, True)


def test_subscriptions_by_operator_by_school_and_by_audience(loaded):
    text = """\
subscriptions:
  - {id: college, schools: ["0590001f"], to_env: VIGIE_A}
  - {id: edifice, operators: [edifice], to_env: VIGIE_B}
  - {id: nord, territories: ["D:59"], audiences: [college, tous], to_env: VIGIE_C}
  - {id: pays, national: true, to_env: VIGIE_D}
"""
    college, edifice, nord, pays = loaded(text).subscriptions
    assert college.schools == (SchoolScope("0590001F", "D:59"),)
    assert edifice.operators == ("edifice",)
    assert nord.audiences == (Audience.COLLEGE, Audience.ECOLE, Audience.LYCEE)
    assert pays.national
    assert not nord.national


def test_the_zones_of_a_service_are_the_registrable_domains_of_its_probes(loaded):
    text = """\
services:
  - id: s
    name: S
    kind: ent
    territories: [N]
    probes:
      login: {kind: http, url: "https://cas.ent.region.example.fr/login", expect: {contains: ["a"]}}
      page: {kind: http, url: "https://www.example.fr:8443/", expect: {contains: ["a"]}}
      name: {kind: dns, host: "ent.autre.example"}
      bare: {kind: tcp, host: "192.0.2.7", port: 443}
"""
    assert loaded(text).catalog.services["s"].zones == ("autre.example", "example.fr")
