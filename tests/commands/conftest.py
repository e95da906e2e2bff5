"""Commands print as on a wide terminal: how wide a console is, it decides when it is made, once for all tests."""

import pytest

from monitor.commands import base


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    for console in (base.out, base.err):
        monkeypatch.setattr(console, "_width", 200)
