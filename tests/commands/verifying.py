"""How the script that does without Vigie is asked, and of which days."""

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from monitor.store.days import bounds
from tests.sealed import FIRST

ROOT = Path(__file__).resolve().parents[2]
LATER = bounds(FIRST.replace(month=5))[0]
BEGIN = bounds(FIRST)[0]


def said_by(script: ModuleType, path: Path, monkeypatch) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["verifier.py", str(path), str(path.parent / "sceaux.json")])
    with redirect_stdout(io.StringIO()) as out:
        code = script.main()
    return code, out.getvalue()
