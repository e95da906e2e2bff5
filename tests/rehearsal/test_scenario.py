"""Written days: what they say, every error at once, what is played of them, and the catalogue made fit for them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from monitor.domain.catalog import Catalog, Level, Marker, Operator, Probe, ProbeKind, Service, ServiceKind, Territory
from monitor.rehearsal.scenario import PACKAGED, Mode, ScenarioInvalid, load_scenario, windows_of, with_scenario

HEADER = "date,start_local,end_local,service_id,service_label,territory,operator,hoster_2021,failure_mode\n"


def written(folder: Path, *lines: str, header: str = HEADER) -> str:
    path = folder / "jour.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def at(hour: int, minute: int = 0, day: int = 6) -> datetime:
    """An instant of April 2021 from an hour of Paris (UTC+2 then)."""
    return datetime(2021, 4, day, hour - 2, minute, tzinfo=UTC)


def test_the_sixth_of_april_says_what_was_seen() -> None:
    scenario = load_scenario("2021-04-06")
    assert (scenario.begins, scenario.ends) == (at(7), at(19))
    nine = {service: scenario.mode_at(service, at(9)) for service in scenario.services}
    assert nine["ent-monlycee-idf"] is nine["ent-hdf"] is Mode.WAITING_PAGE_200
    assert nine["ent-mbn-grandest"] is Mode.SERVER_FAULT
    assert nine["cned-mcalm-college"] is Mode.DOWN
    assert nine["ent-lyceeconnecte-na"] is Mode.SLOW
    assert nine["ent-atrium"] is Mode.OK
    assert scenario.mode_at("ent-monlycee-idf", at(12, 30)) is Mode.RECOVERED
    assert scenario.mode_at("inconnu-au-bataillon", at(9)) is Mode.OK


def test_the_whole_month_is_its_days() -> None:
    month = load_scenario("2021-04")
    assert (month.begins, month.ends) == (at(7), at(19, day=26))
    days = [name for name in PACKAGED if name != "2021-04"]
    assert sum(len(load_scenario(name).steps) for name in days) == len(month.steps) == 37


def test_later_lines_win_and_the_end_is_outside(tmp_path: Path) -> None:
    scenario = load_scenario(
        written(
            tmp_path,
            "2021-04-06,08:00,12:00,a,A,N,X,-,down",
            "2021-04-06,09:00,10:00,a,A,N,X,-,slow",
            "2021-04-06,23:00,24:00,b,B,N,X,-,http_502",
        )
    )
    modes = [scenario.mode_at("a", instant) for instant in (at(7, 59), at(8), at(9), at(9, 59), at(10), at(12))]
    assert modes == [Mode.OK, Mode.DOWN, Mode.SLOW, Mode.SLOW, Mode.DOWN, Mode.OK]
    assert scenario.mode_at("b", at(23, 59)) is Mode.HTTP_502
    assert scenario.name == "jour"


def test_a_star_is_our_own_line(tmp_path: Path) -> None:
    scenario = load_scenario(
        written(tmp_path, "2021-04-06,09:00,10:00,*,,,,,down", "2021-04-06,09:20,09:30,*,,,,,recovered")
    )
    assert [scenario.line_cut_at(at(*hour)) for hour in ((8, 59), (9, 0), (9, 25), (9, 59), (10, 0))] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert scenario.services == ()


def test_winter_hours_are_paris_hours(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, "2026-11-23,08:00,09:00,a,A,N,X,-,down"))
    assert scenario.steps[0].start == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert scenario.begins == datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_every_error_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "2021-04-06,08:00,12:00,a,A,N,X,-,exploded",
        "2021-04-06,12:00,08:00,a,A,N,X,-,down",
        "06/04/2021,08:00,12:00,a,A,N,X,-,down",
        "2021-04-06,8h,25:00,a,A,N,X,-,down",
        "2021-04-06,08:00,12:00,Mon ENT,A,N,X,-,down",
        "2021-04-06,08:00,12:00,a,un, deux,N,X,-,down,de trop",
        "2021-04-06,08:00",
        "2021-04-06,08:00,12:00,a,A,N,X,-,slow",
    )
    with pytest.raises(ScenarioInvalid) as caught:
        load_scenario(path)
    by_line = {line: [f.what for f in caught.value.faults if f.line == line] for line in range(1, 10)}
    assert by_line[2] == ["failure_mode «\u00a0exploded\u00a0» inconnu"]
    assert by_line[3] == ["la fin n’est pas après le début"]
    assert by_line[4] == ["date «\u00a006/04/2021\u00a0» illisible"]
    assert by_line[5] == [
        "start_local «\u00a08h\u00a0» n’est pas une heure",
        "end_local «\u00a025:00\u00a0» n’est pas une heure",
    ]
    assert by_line[6] == ["service_id «\u00a0Mon ENT\u00a0» n’est pas un identifiant"]
    assert "plus de cases que de colonnes" in by_line[7]
    assert len(by_line[8]) == 3
    assert by_line[9] == []
    assert "ok, slow, waiting_page_200, restricted_access" in str(caught.value)
    assert "ligne 3\u00a0: la fin n’est pas après le début" in str(caught.value)


def test_missing_columns_and_semicolons_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid, match="colonne absente\u00a0: end_local, failure_mode"):
        load_scenario(written(tmp_path, header="date,start_local,service_id\n"))
    with pytest.raises(ScenarioInvalid, match="points-virgules"):
        load_scenario(written(tmp_path, header=HEADER.replace(",", ";")))


def test_an_empty_day_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid, match="aucune étape"):
        load_scenario(written(tmp_path))
    path = tmp_path / "latin.csv"
    path.write_bytes(HEADER.encode() + b"2021-04-06,08:00,12:00,a,\xe9cole,N,X,-,down\n")
    with pytest.raises(ScenarioInvalid, match="UTF-8"):
        load_scenario(str(path))


def test_an_unknown_name_gets_the_list_of_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid) as caught:
        load_scenario("2021-05-03")
    assert all(name in str(caught.value) for name in PACKAGED)
    with pytest.raises(ScenarioInvalid, match="ni fichier lisible"):
        load_scenario(str(tmp_path))


def test_windows_are_days_by_default_and_may_be_narrowed() -> None:
    month = load_scenario("2021-04")
    assert windows_of(month) == [(at(7, day=day), at(19, day=day)) for day in (6, 7, 8, 9, 26)]
    day = load_scenario("2021-04-06")
    between = [(time(11, 30), time(14)), (time(7, 30), time(10))]
    assert windows_of(day, between) == [(at(7, 30), at(10)), (at(11, 30), at(14))]
    assert windows_of(day, [(time(8), time(10)), (time(9), time(11))]) == [(at(8), at(11))]
    with pytest.raises(ValueError, match="end before they begin"):
        windows_of(day, [(time(10), time(8))])


def catalog(*services: Service) -> Catalog:
    return Catalog(
        {"N": Territory("N", "France", Level.PAYS, None), "R:28": Territory("R:28", "Normandie", Level.REGION, "N")},
        {service.id: service for service in services},
        {"edifice": Operator("edifice", "Edifice", ("Open Digital Education",))},
        (),
    )


def a_service(id_: str, **changes: object) -> Service:
    probe = Probe(f"{id_}/page", id_, ProbeKind.HTTP, url=f"https://{id_}.invalid/", expect=Marker(status=(200,)))
    return replace(Service(id_, id_.upper(), ServiceKind.ENT, (probe,), ("R:28",)), **changes)


def test_a_service_that_the_catalogue_lacks_is_made_up(tmp_path: Path) -> None:
    scenario = load_scenario(
        written(
            tmp_path,
            "2021-04-06,08:00,12:00,ent-neuf,ENT Neuf,R:28 R:99,Open Digital Education (famille entcore),contesté : OVH,down",
            "2021-04-06,08:00,12:00,outil,Outil,X:1,Éditeur Inconnu de Nous,Chez Soi,slow",
            "2021-04-06,13:00,14:00,outil,Autre nom,X:1,Encore un autre,-,slow",
            "2021-04-06,08:00,12:00,*,,,,,down",
        )
    )
    made = with_scenario(catalog(), scenario)
    assert sorted(made.services) == ["ent-neuf", "outil"]
    ent, outil = made.services["ent-neuf"], made.services["outil"]
    assert (ent.name, ent.kind, ent.territories, ent.operator, ent.hoster) == (
        "ENT Neuf", ServiceKind.ENT, ("R:28",), "edifice", None,
    )  # fmt: skip
    assert (outil.territories, outil.hoster, outil.kind) == (("N",), "Chez Soi", ServiceKind.AUTRE)
    assert outil.operator is not None
    assert made.operators[outil.operator].name == "Éditeur Inconnu de Nous"
    assert len(made.operators) == 2
    assert [probe.kind for probe in outil.probes] == [ProbeKind.HTTP]


def test_the_catalogues_facts_win_and_former_ids_count_as_known(tmp_path: Path) -> None:
    scenario = load_scenario(
        written(
            tmp_path,
            "2021-04-06,08:00,12:00,ent-neuf,Faux nom,N,Faux exploitant,-,down",
            "2021-04-06,08:00,12:00,ent-vieux,Faux nom,N,Faux exploitant,-,down",
        )
    )
    known = catalog(a_service("ent-neuf"), a_service("ent-actuel", formerly=("ent-vieux",), confirmed=date(2020, 1, 1)))
    made = with_scenario(known, scenario)
    assert sorted(made.services) == ["ent-actuel", "ent-neuf"]
    assert made.services["ent-neuf"] == replace(known.services["ent-neuf"], confirmed=date(2021, 4, 6))
    assert made.services["ent-actuel"] == known.services["ent-actuel"]
    assert made.operators == known.operators


def test_a_packaged_day_is_a_reconstruction_and_a_file_of_the_same_name_is_not(tmp_path: Path) -> None:
    assert {load_scenario(name).note for name in PACKAGED} == {"reconstitution d’après la presse"}
    file = tmp_path / "2021-04-06.csv"
    file.write_text("date,start_local,end_local,service_id,failure_mode\n2021-04-06,08:00,09:00,ent-x,down\n", "utf-8")
    assert load_scenario(str(file)).note is None
