"""`vigie calendar` as people type it."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import trustme
from typer.testing import CliRunner

from monitor.commands.calendar import HOUR_OF, calendar
from monitor.config.calendar_table import load_table
from monitor.config.territories import load_territories
from tests.config.official import as_json, record, year_of_zone_b

WIDE = {"COLUMNS": "200", "VIGIE_CALENDAR": "", "VIGIE_CONTACT": "vigie@example.org"}


@pytest.fixture
def typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words, **env):
        return CliRunner().invoke(calendar, [str(word) for word in words], env={**WIDE, **env}, catch_exceptions=False)

    return run


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def test_import_from_a_file(typed, tmp_path):
    (tmp_path / "jeu.json").write_text(
        as_json(
            [*year_of_zone_b(), record("Vacances de Noël", "2026-12-19", "2026-01-04", "Guadeloupe", "Guadeloupe")]
        ),
        encoding="utf-8",
    )
    ended = typed("import", "jeu.json")
    assert ended.exit_code == 0, ended.stderr
    assert "data/calendar.csv" in ended.stdout
    assert "3 zones" in ended.stdout
    assert "31/08/2027" in ended.stdout
    assert "fin du 2026-01-04 corrigée en 2027-01-04" in plain(ended.stderr)
    assert "Mayotte 2026-2027" in ended.stderr
    rows = load_table(tmp_path / "data" / "calendar.csv")
    assert {row.zone for row in rows} == {"B", "Guadeloupe", "Saint-Barthélemy"}
    assert typed("import", "jeu.json").exit_code == 0  # again, over the first


def test_the_environment_names_the_table(typed, tmp_path):
    (tmp_path / "jeu.json").write_text(as_json(year_of_zone_b()), encoding="utf-8")
    assert typed("import", "jeu.json", VIGIE_CALENDAR=str(tmp_path / "ici.csv")).exit_code == 0
    assert load_table(tmp_path / "ici.csv")
    assert not (tmp_path / "data").exists()


def test_every_bad_record_at_once_and_the_old_table_kept(typed, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(as_json(year_of_zone_b()), encoding="utf-8")
    records = year_of_zone_b()
    records[2]["zones"], records[5]["start_date"] = "Zone Q", "bientôt"
    bad.write_text(as_json(records), encoding="utf-8")
    assert typed("import", good).exit_code == 0
    before = (tmp_path / "data" / "calendar.csv").read_bytes()
    ended = typed("import", bad)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    said = plain(ended.stderr)
    assert "2 erreurs" in said
    assert "enregistrement 3 — zone inconnue « Zone Q »" in said
    assert "enregistrement 6 — start_date « bientôt »" in said
    assert (tmp_path / "data" / "calendar.csv").read_bytes() == before
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["calendar.csv"]


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("absent.json", None, "absent ou illisible"),
        ("latin.json", b'["\xe9"]', "UTF-8"),
        ("huge.json", b" " * (5 * 1024 * 1024 + 1), "plus de 5242880 octets"),
        ("page.html", b"<html>", "n’est pas le jeu"),
    ],
)
def test_what_cannot_be_imported(typed, tmp_path, name, raw, said):
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    ended = typed("import", name)
    assert ended.exit_code == 2
    assert said in plain(ended.stderr)
    assert name in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_place_that_cannot_be_written(typed, tmp_path):
    (tmp_path / "jeu.json").write_text(as_json(year_of_zone_b()), encoding="utf-8")
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    ended = typed("import", "jeu.json", "--calendar", "file/calendar.csv")
    assert ended.exit_code == 2
    assert "écriture impossible (existe déjà sans être un dossier)" in plain(ended.stderr)


@pytest.fixture
def official_site(tmp_path, monkeypatch):
    """The data set on an https server of ours, in a thread of its own; gives (url, heads asked)."""
    authority, heads = trustme.CA(), []
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    body = as_json(year_of_zone_b()).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            heads.append(dict(self.headers))
            self.send_response(200 if self.path == "/exports/json" else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/exports", heads
    server.shutdown()
    thread.join()
    server.server_close()


def test_import_by_network_says_who_asks(typed, tmp_path, official_site):
    url, heads = official_site
    ended = typed("import", "--url", f"{url}/json")
    assert ended.exit_code == 0, ended.stderr
    assert load_table(tmp_path / "data" / "calendar.csv")
    (head,) = heads
    assert head["User-Agent"].startswith("Vigie/")
    assert "vigie@example.org" in head["User-Agent"]


def test_a_site_that_fails_leaves_nothing_behind(typed, tmp_path, official_site):
    ended = typed("import", "--url", f"{official_site[0]}/ailleurs")
    assert ended.exit_code == 2
    assert "localhost répond 503" in plain(ended.stderr)
    assert not (tmp_path / "data").exists()


def lines(ended):
    assert ended.exit_code == 0, ended.stderr
    return [plain(line) for line in ended.stdout.splitlines()]


def test_show_says_why_there_is_no_class(typed):
    said = lines(typed("show", "D:57", "--from", "2027-03-25", "--days", "5"))
    assert said[0] == "Moselle (D:57), heure de Paris"
    assert said[2] == "jeu. 25/03/2027 oui 7h30–9h 9h–18h 6h–7h30, 18h–22h 0h–6h, 22h–24h connu"
    assert said[3] == "ven. 26/03/2027 non : férié (Vendredi saint) 0h–24h connu"
    assert said[4] == "sam. 27/03/2027 non : week-end 6h–22h 0h–6h, 22h–24h connu"
    assert said[6].startswith("lun. 29/03/2027 non : férié (Lundi de Pâques)")


def test_every_hour_of_france_has_a_name():
    assert {place.timezone for place in load_territories().values()} == set(HOUR_OF)


def test_show_wednesday_and_holidays_and_zones(typed):
    said = lines(typed("show", "N", "--from", "2027-02-17", "--days", "4"))
    assert said[2].startswith("mer. 17/02/2027 oui, sauf zone A, C 7h30–9h 9h–13h 6h–7h30, 13h–22h")
    assert said[5].startswith("sam. 20/02/2027 non : Vacances d’hiver")


def test_show_says_what_is_not_known(typed):
    said = lines(typed("show", "A:la-reunion", "--from", "2026-12-18", "--days", "3"))
    assert said[2].endswith("inconnu")
    assert "Abolition de l’esclavage" in said[4]
    assert said[5].startswith("Inconnu : compté comme temps de classe.")


def test_show_reads_what_was_imported(typed, tmp_path):
    (tmp_path / "jeu.json").write_text(
        as_json([record("Vacances de Noël", "2026-12-19", "2027-01-18", "Réunion", "La Réunion")]), encoding="utf-8"
    )
    assert typed("import", "jeu.json").exit_code == 0
    said = lines(typed("show", "A:la-reunion", "--from", "2026-12-18", "--days", "3"))
    assert said[3].startswith("sam. 19/12/2026 non : Vacances de Noël")
    assert said[3].endswith("connu")


def test_show_for_machines_on_the_day_of_the_change_of_time(typed):
    ended = typed("show", "U:0590001F", "--from", "2027-03-28", "--days", "1", "--format", "json")
    assert ended.exit_code == 0
    said = json.loads(ended.stdout)
    assert (said["territory"], said["timezone"]) == ("U:0590001F", "Europe/Paris")
    (day,) = said["days"]
    assert (day["date"], day["school_day"], day["known"]) == ("2027-03-28", False, True)
    assert day["closed"] == [{"zone": "B", "reason": "weekend", "name": ""}]
    assert day["rhythms"] == [
        {"rhythm": "rest", "from": "2027-03-27T23:00:00.000Z", "until": "2027-03-28T04:00:00.000Z"},
        {"rhythm": "outside", "from": "2027-03-28T04:00:00.000Z", "until": "2027-03-28T20:00:00.000Z"},
        {"rhythm": "rest", "from": "2027-03-28T20:00:00.000Z", "until": "2027-03-28T22:00:00.000Z"},
    ]


def test_show_begins_today(typed):
    ended = typed("show", "N", "--format", "json")
    assert len(json.loads(ended.stdout)["days"]) == 7


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lile",), "A:lille (Lille)"), (("xyzzyx",), "Un code comme N"), (("U:0590001A",), "U:0590001F"), (("U:59",), "UAI"),
        (("N", "--from", "9999-12-30", "--days", "5"), "hors de portée"), (("N", "--from", "0001-01-01"), "de 1970 à 2999"),
        (("N", "--from", "25/12/2026"), "Date illisible « 25/12/2026 »"), (("N", "--days", "0"), "--days"),
    ],
)  # fmt: skip
def test_show_refuses_with_the_mend(typed, words, said):
    ended = typed("show", *words)
    assert ended.exit_code == 2
    assert said in plain(ended.stderr)
    assert ended.stdout == ""


def test_a_spoilt_table_is_named(typed, tmp_path):
    (tmp_path / "spoilt.csv").write_text("zone\n", encoding="utf-8")
    ended = typed("show", "N", "--calendar", "spoilt.csv")
    assert ended.exit_code == 2
    assert "spoilt.csv : 1 erreur" in plain(ended.stderr)
