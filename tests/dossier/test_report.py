"""`vigie report`, as a collectivité types it: its figures, its sentences, what it refuses, what it leaves behind."""

import hashlib
import json
import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitor.__main__ import cli
from monitor.commands.usage import run
from monitor.domain.method import METHOD
from monitor.dossier.twin import digest_of
from monitor.reports.digests import digested
from monitor.store import open_reader, open_store
from monitor.store.days import bounds
from tests.dossier.conftest import Vigie, typed_in
from tests.dossier.month import HOSTILE, paris, write

NOVEMBER = ("--month", "2021-11")
NORD = (*NOVEMBER, "--service", "ent-nord")
HOUR = 3600


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Words(HTMLParser):
    """What a reader sees of a page, and every element and attribute of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", [], []
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._hidden = tag == "style" or (self._hidden and tag != "body")

    def handle_data(self, data):
        if not self._hidden:
            self.text += f" {data}"

    @property
    def line(self) -> str:
        return " ".join(plain(self.text).split())


def page_of(answered: tuple[int, str, str]) -> Words:
    code, out, err = answered
    assert (code, err) == (0, "")
    return Words(out)


def figures(vigie: Vigie, *words: object) -> dict:
    code, out, err = vigie(*words, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_month_of_a_service(vigie: Vigie) -> None:
    said = figures(vigie, *NORD)
    found = said["figures"]
    whole, school = found["services"][0]["figures"]
    down = (134 + 3 + 54) * 60  # the 8th, the 16th, the 23rd; the night of the 13th was declared
    assert (whole["unavailable_s"], whole["declared_s"], whole["excluded_s"]) == (down, 4 * HOUR, (4 + 9) * HOUR + 1200)
    assert whole["available_s"] + whole["unavailable_s"] + whole["excluded_s"] == 30 * 24 * HOUR
    assert (school["unavailable_s"], school["excluded_s"]) == (down, 6600)  # the 25th from 7:30 to 9:20
    assert [one["counted_s"] for one in found["outages"]] == [134 * 60, 0, 3 * 60, 54 * 60]
    assert found["outages"][0]["worst"] == "down"
    assert found["outages"][0]["failure"] == "content/waiting_room"
    assert (found["responses"]["incidents"], found["responses"]["detected_after_s"]) == (2, 180)
    assert found["responses"]["recovered_after_s"] == (134 + 54) * 60 / 2
    [before, _] = [one["compared"] for one in found["hours"]]
    assert before["before"] == pytest.approx(1 - 1.5 / (31 * 24 + 1))  # October has the hour of winter time
    assert len(found["days"]) == 30
    assert said["sha256"] == digest_of(found)
    assert (said["rehearsal"], said["seals"], found["method"]) == (None, [], METHOD)
    assert [one["id"] for one in said["windows"]] == ["nuit"]
    assert said["statements"][0]["declared_delay_s"] == 45 * 60


def test_the_figures_are_those_of_vigie_availability(vigie: Vigie, capsys) -> None:
    ours = figures(vigie, *NOVEMBER, "--territory", "A:lille")["figures"]
    assert (
        run(
            cli,
            [
                "availability",
                "--from",
                "2021-11-01",
                "--to",
                "2021-12-01",
                "--territory",
                "A:lille",
                "--format",
                "json",
            ],
        )
        == 0
    )
    theirs = json.loads(capsys.readouterr().out)
    by_name = {one["service"]: one["figures"] for one in theirs["services"]}
    keys = ("available_s", "unavailable_s", "excluded_s", "declared_s", "availability", "coverage")
    for one in ours["services"]:
        for mine, other in zip(one["figures"], by_name[one["service"]], strict=True):
            assert {key: mine[key] for key in keys} == {key: other[key] for key in keys}
    weighted = [(one["availability"], one["coverage"]) for one in theirs["weighted"]["figures"]]
    assert [(one["availability"], one["coverage"]) for one in ours["hours"]] == weighted


def test_days_and_grid_add_up_to_the_month(quick: Vigie) -> None:
    found = figures(quick, *NORD)["figures"]
    assert sum(one["unavailable_mean_s"] for one in found["days"]) == found["hours"][0]["unavailable_mean_s"]
    worst = min((one for one in found["grid"] if one["availability"] is not None), key=lambda one: one["availability"])
    assert (worst["weekday"], worst["hour"]) in {(1, 8), (1, 9), (2, 8)}


def test_the_same_figures_have_the_same_digest(quick: Vigie) -> None:
    once, again = (figures(quick, *NORD) for _ in range(2))
    assert once["sha256"] == again["sha256"]
    text = json.dumps(once["figures"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert once["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert once["sha256"] in quick(*NORD)[1]
    assert figures(quick, "--month", "2021-10", "--service", "ent-nord")["sha256"] != once["sha256"]


def test_a_contract_is_concluded(vigie: Vigie, tmp_path: Path) -> None:
    said = figures(vigie, *NOVEMBER, "--contract", "contrat.yaml")
    assert said["contract_sha256"] == hashlib.sha256((tmp_path / "contrat.yaml").read_bytes()).hexdigest()
    contract = said["figures"]["contract"]
    assert [one["outcome"] for one in contract["targets"]] == ["not_met", "not_met", "met"]
    whole, school, own = contract["targets"]
    # Three minutes of the 16th are borne with; the declared night is left out, as it was declared in time.
    assert whole["tally"] == {
        "available_s": (30 * 24 - 13) * HOUR - 1200 - 191 * 60, "unavailable_s": 188 * 60, "borne_s": 180,
        "excused_s": 4 * HOUR, "unknown_s": 9 * HOUR + 1200,
    }  # fmt: skip
    known = (30 * 24 - 13) * HOUR - 1200
    assert whole["spare_s"] == pytest.approx(known * 0.001 - 188 * 60)
    assert school["coverage"] > 0.98
    # 21 working days of 12 hours (the 1st and the 11th are public holidays) and 4 Saturdays of 4 hours.
    assert sum(own["tally"].values()) == (20 * 12 + 4 * 4) * HOUR
    line = page_of(vigie(*NOVEMBER, "--contract", "contrat.yaml")).line
    for words in ("Objectif de 99,5 % (heures scolaires) : non atteint", "Non atteint", "Atteint", "hors jours fériés",
                  "Département du Nord", "Elle ne calcule aucune pénalité", "au plus 8 h par mois"):  # fmt: skip
        assert words in line


def test_what_rests_on_too_little_is_not_concluded(quick: Vigie, tmp_path: Path) -> None:
    path = tmp_path / "contrat.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("coverage_at_least: 90", "coverage_at_least: 100"), encoding="utf-8"
    )
    found = figures(quick, *NOVEMBER, "--contract", "contrat.yaml")["figures"]["contract"]["targets"]
    assert {one["outcome"] for one in found} == {"inconclusive"}
    line = page_of(quick(*NOVEMBER, "--contract", "contrat.yaml")).line
    assert (
        "on ne peut pas conclure, 98,696 % seulement du temps qui compte est connu, et le contrat en demande 100 %"
        in line
    )


def test_for_people(vigie: Vigie) -> None:
    page = page_of(vigie(*NORD))
    for words in (
        "ENT du Nord", "Novembre 2021", "En novembre 2021, ENT du Nord a été disponible 99,549 % du temps mesuré",
        "3 interruptions ont été relevées ; la plus longue : 2 h 14 min, le lundi 8 novembre de 7 h 52 à 10 h 06 (en panne).",
        "2 incidents ont commencé dans la période, confirmés 3 min après la première mauvaise réponse en moyenne",
        "Par rapport à la période précédente (octobre 2021), la disponibilité aux heures scolaires perd",
        "Déclaré 45 min après le début mesuré de l’incident.", "Nos équipes sont mobilisées.", "Montée de version",
        "Annexe A. Fiches de preuve", "27 réponses de 2 sondes pendant l’incident", "vigie export observations",
        "Aucun jour de cette période n’est scellé", "1 point de mesure (paris-1)",
    ):  # fmt: skip
        assert words in page.line, words
    assert "RÉPÉTITION" not in page.line
    assert page.tags.count("svg") > 30


def test_a_territory_names_its_unit_and_its_services(quick: Vigie) -> None:
    line = page_of(quick(*NOVEMBER, "--territory", "A:lille")).line
    for words in ("Académie de Lille", "les services de l’académie de Lille ont été disponibles", "Service par service",
                  "pondérée par département", "celles de l’académie de Lille", "ENT du Pas-de-Calais"):  # fmt: skip
        assert words in line, words


def test_hostile_words_stay_words(quick: Vigie) -> None:
    page = page_of(quick(*NOVEMBER, "--territory", "A:lille"))
    assert HOSTILE in page.line
    assert {"script", "img", "iframe", "link", "object", "form", "a"}.isdisjoint(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "srcset", "action"}
        assert name != "href" or (tag == "use" and value.startswith("#"))
    raw = quick(*NOVEMBER, "--territory", "A:lille")[1]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", raw)
    style = raw[raw.index("<style>") : raw.index("</style>")]
    assert set(re.findall(r"url\(([^)#]{0,12})", style)) == {"data:font/wo"}
    assert "@import" not in style


def test_a_rehearsal_says_so_on_every_page(tmp_path: Path, capsys, monkeypatch) -> None:
    url = f"sqlite:///{tmp_path}/repetition.db"
    write(url, tmp_path, kind="rehearsal")
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    out = typed_in(tmp_path, capsys, monkeypatch)(*NORD)[1]
    assert "RÉPÉTITION" in Words(out).line
    assert "<title>RÉPÉTITION" in out
    assert '@top-center{content:"R\\0000c9P\\0000c9TITION"' in out
    assert "une base de répétition" in plain(out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ["--month 2021-04, ou --from et --to", "Donnez --territory, --service"]),
        ((*NOVEMBER, "--service", "ent-z", "--contract", "faux.yaml"), ["faux.yaml : 1 erreur", "« ent-z »"]),
        ((*NORD, "--lang", "de"), ["--lang"]),
        ((*NORD, "--output", "absent/rapport.html"), ["absent"]),
        ((*NORD, "--output", "."), ["--output"]),
    ],
)
def test_what_cannot_be_reported_is_one_sentence(quick: Vigie, tmp_path: Path, words, said) -> None:
    sound = (tmp_path / "contrat.yaml").read_text(encoding="utf-8")
    (tmp_path / "faux.yaml").write_text(sound.replace("99.9", "199"), encoding="utf-8")
    code, out, err = quick(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for each in said:
        assert each in err
    assert [one.name for one in tmp_path.iterdir() if "rapport" in one.name] == []


def test_a_file_is_written_whole_and_replaced_only_on_demand(quick: Vigie, tmp_path: Path) -> None:
    path = tmp_path / "rapport.html"
    code, out, err = quick(*NORD, "--output", path)
    assert (code, out) == (0, "")
    assert str(path) in err
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    code, _, err = quick(*NORD, "--output", path)
    assert code == 2
    assert "--force" in err
    assert quick(*NORD, "--output", path, "--force")[0] == 0
    assert [one.name for one in tmp_path.iterdir() if "rapport" in one.name] == ["rapport.html"]


def test_a_disk_that_fills_leaves_nothing(quick: Vigie, tmp_path: Path, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.exports.saving.os.fsync", full)
    code, _, err = quick(*NORD, "--output", tmp_path / "rapport.html")
    assert code == 2
    assert "plus de place sur le disque" in err.lower()
    assert [one.name for one in tmp_path.iterdir() if "rapport" in one.name] == []


def test_a_figure_that_rests_on_little_is_not_quoted_alone(quick: Vigie) -> None:
    line = page_of(quick("--month", "2021-12", "--service", "ent-nord")).line
    assert "En décembre 2021, Vigie ne connaît que 0,011 % du temps ; sur ce peu, ENT du Nord a été disponible" in line
    assert "Ces chiffres s’arrêtent au mercredi 1er décembre à 0 h 05 : après, rien n’est encore connu." in line


def test_the_roots_of_sealed_days_stand_in_it(quick: Vigie, tmp_path: Path) -> None:
    url, now = f"sqlite:///{tmp_path}/vigie.db", paris("2021-12-01T01:00")
    with closing(open_store(url, kind="real")) as store, closing(open_reader(url)) as reader:
        for day in reader.unsealed(now):
            for found in digested(day, reader.records(*bounds(day))):
                store.seal(found, now)
        [seal] = reader.seals()
    assert seal.root in page_of(quick(*NORD)).line
    assert [one["root"] for one in figures(quick, *NORD)["seals"]] == [seal.root]
    # Answers of one day alone are in these books; the other days of which states are known have no seal.
    assert "29 jours de la période n’ont pas de sceau" in page_of(quick(*NORD)).line


def test_a_month_of_which_nothing_is_known(quick: Vigie) -> None:
    code, out, _ = quick("--month", "2020-05", "--service", "ent-nord")
    line = Words(out).line
    assert code == 1
    assert "rien n’a pu être mesuré" in line
    assert "Rien à quoi comparer : rien n’est connu de la période précédente (avril 2020)." in line
