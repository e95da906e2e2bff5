"""`VIGIE_SEND_RATES`: read whole, or refused with every fault at once."""

import pytest

from monitor.__main__ import cli
from monitor.commands.usage import run
from monitor.config.send_rates import read_rates
from monitor.settings import Settings


def test_what_can_be_written() -> None:
    text = "smtp.example.org=10/s, Hook.example.org:8080 = 30/min,mailtos://relay=0.5/s,[2001:db8::1]:25=3600/h,"
    assert read_rates(text) == {
        "smtp.example.org": 10.0,
        "hook.example.org:8080": 0.5,
        "mailtos://relay": 0.5,
        "2001:db8::1:25": 1.0,
    }
    assert read_rates("") == {}


@pytest.mark.parametrize(
    "entry",
    ["smtp", "smtp=", "smtp=10", "smtp=10/j", "smtp=-1/s", "=1/s", "u:secret@smtp=1/s", "smtp=1e3/s", "a b=1/s"],
)
def test_what_cannot_be_read_is_named_by_its_place_and_never_repeated(entry: str) -> None:
    with pytest.raises(ValueError, match="élément 2") as refused:
        read_rates(f"ok=1/s,{entry}")
    assert "secret" not in str(refused.value)


def test_every_fault_at_once(monkeypatch, capsys) -> None:
    monkeypatch.setenv("VIGIE_SEND_RATES", "a=1/s,b,c=0/s,d=2000/s,A=2/s")
    monkeypatch.setenv("VIGIE_TELL_EVERY_S", "0")
    assert run(cli, ["tellings", "list"]) == 2
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert "VIGIE_SEND_RATES — élément 2 : écrivez hôte=nombre/s" in said
    for place in (3, 4):
        assert f"élément {place} : écrivez un débit au-dessus de 0 et d’au plus 1000/s" in said
    assert "élément 5 : cet hôte a déjà un débit" in said
    assert "VIGIE_TELL_EVERY_S — écrivez un nombre au-dessus de 0" in said


def test_a_setting_like_any_other(monkeypatch) -> None:
    assert Settings().send_rates == {}
    monkeypatch.setenv("VIGIE_SEND_RATES", "smtp.example.org=10/s")
    assert Settings().send_rates == {"smtp.example.org": 10.0}
