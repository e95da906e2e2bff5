"""What `vigie gaps` and `vigie evidence` print: French and the time of Paris for people, UTC and units for machines."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from monitor.domain.gap import Excuse
from monitor.domain.observation import Observation, Phases
from monitor.domain.snapshot import instant
from monitor.reports.gaps import Missed
from monitor.terminal import PARIS, state

EXCUSES: Mapping[Excuse, str] = {
    Excuse.BUSY: "la question précédente n’était pas terminée",
    Excuse.BACK_OFF: "l’hôte nous refuse, ou demande d’attendre",
    Excuse.COURTESY: "par courtoisie : l’hôte a été assez sollicité",
    Excuse.STOPPED: "la veille ne tournait pas",
    Excuse.ASLEEP: "la machine ou la veille était suspendue",
    Excuse.CLOCK: "l’horloge de la machine a été réglée",
    Excuse.STORAGE: "le registre refusait d’écrire",
}
UNEXPLAINED = "inexpliqué"
EVERY_PROBE = "toutes les sondes"
PHASES = {"resolve": "DNS", "connect": "TCP", "tls": "TLS", "first_byte": "premier octet", "transfer": "transfert"}
FINGERPRINT_SHOWN = 16  # hexadecimal digits: enough to tell two certificates apart


def gaps_table(missed: Missed) -> Table:
    """One line for each gap and each hole, oldest first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Depuis", "Jusqu’à", "Créneaux", "Sonde", "Pourquoi"):
        table.add_column(title, no_wrap=title in {"Depuis", "Jusqu’à"})
    lines = [(gap.since, gap.until, gap.slots, gap.probe, EXCUSES[gap.excuse], "") for gap in missed.gaps]
    lines += [(hole.since, hole.until, hole.slots, hole.probe, UNEXPLAINED, "red") for hole in missed.holes]
    for since, until, slots, probe, why, style in sorted(lines):
        # A gap of every probe covers whatever slots lie within: it has no number of its own.
        count, name = str(slots or ""), visible(probe) or EVERY_PROBE
        table.add_row(_short(since), _short(until), Text(count), Text(name), Text(why, style=style))
    return table


def gaps_json(missed: Missed) -> list[dict[str, object]]:
    """Gaps and holes, oldest first; `probe` null: every probe, `excuse` null: nothing explains it."""
    found = [
        {
            "probe": gap.probe or None,
            "vantage": gap.vantage,
            "since": instant(gap.since),
            "until": instant(gap.until),
            "slots": gap.slots,
            "excuse": gap.excuse.value,
            "skip": gap.excuse.skip,
        }
        for gap in missed.gaps
    ]
    for hole in missed.holes:
        about = {"probe": hole.probe, "vantage": hole.vantage, "since": instant(hole.since)}
        found.append({**about, "until": instant(hole.until), "slots": hole.slots, "excuse": None, "skip": False})
    return sorted(found, key=lambda one: str(one["since"]))


def answer(one: Observation) -> Text:
    """One answer with all its evidence, on a few lines."""
    text = Text(f"{in_paris(one.at)}  ")
    text.append_text(state(one.health))
    text.append(f"  {visible(one.probe)}", style="bold")
    if one.failure is not None:
        text.append(f"  {one.failure.value} {visible(one.detail)}".rstrip())
    for line in (_time(one), _who(one), _proof(one)):
        text.append(f"\n    {line}" if line else "")
    if one.excerpt:
        text.append(f"\n    « {visible(one.excerpt)} »", style="italic")
    return text


def visible(text: str) -> str:
    """`text` of whoever, on one line and harmless in a terminal: what is neither visible nor a space is spelt out."""
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Zs":
        return " "
    # Controls, directions, surrogates, unassigned; ends of lines and paragraphs.
    return f"\\u{{{ord(char):x}}}" if kind[0] in "CZ" else char


def in_paris(at: datetime) -> str:
    """An instant as people read it."""
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"


def _short(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m %H:%M:%S}"


def span(since: datetime, until: datetime) -> str:
    """A window as people read it."""
    return f"du {in_paris(since)} au {in_paris(until)} (heure de Paris)"


def _time(one: Observation) -> str:
    phases = [f"{word} {_ms(took)}" for word, took in _phases(one.phases) if took is not None]
    return f"{_ms(one.took)} ms" + (f" ({', '.join(phases)})" if phases else "")


def _phases(phases: Phases) -> Iterator[tuple[str, timedelta | None]]:
    return ((word, getattr(phases, name)) for name, word in PHASES.items())


def _who(one: Observation) -> str:
    parts = (
        f"{visible(one.address)} (IPv{one.family})" if one.address else "",
        f"hôte final {visible(one.final_host)}" if one.final_host else "",
        f"HTTP {one.http_status}" if one.http_status is not None else "",
        f"{one.bytes_read} octets" if one.bytes_read is not None else "",
    )
    return ", ".join(part for part in parts if part)


def _proof(one: Observation) -> str:
    shown, offset = one.certificate, one.clock_offset
    parts = [f"marqueur {visible(one.marker)}" if one.marker else ""]
    if shown is not None:
        by = f" émis par {visible(shown.issuer)}" if shown.issuer else ""
        left = f"{shown.days_left(one.at)} j restants"
        parts.append(f"certificat {visible(shown.fingerprint[:FINGERPRINT_SHOWN])}{by}, {left}")
    if offset is not None:
        parts.append(f"horloge du serveur {offset.total_seconds():+.0f} s")
    if one.catalogue:
        parts.append(f"catalogue {visible(one.catalogue)}")
    parts.append(f"vu de {visible(one.vantage)}")
    return " ; ".join(part for part in parts if part)


def _ms(took: timedelta) -> str:
    return f"{took / timedelta(milliseconds=1):.1f}".replace(".", ",")
