"""The door to everything about written days: read one, ask it, make a catalogue fit for it."""

from monitor.rehearsal.casting import with_scenario
from monitor.rehearsal.reading import PACKAGED, Fault, ScenarioInvalid, load_scenario
from monitor.rehearsal.steps import PARIS, Mode, Scenario, Step, windows_of

__all__ = [
    "PACKAGED",
    "PARIS",
    "Fault",
    "Mode",
    "Scenario",
    "ScenarioInvalid",
    "Step",
    "load_scenario",
    "windows_of",
    "with_scenario",
]
