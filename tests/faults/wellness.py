"""`wattkeeper run` whose watchdog has been well for as long as a file says, in seconds: FILE DATA

What it does after ten well minutes can so be seen without waiting for them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import runtime.serve
from actors.supervision.watchdog import Watchdog
from runtime.__main__ import main


class TurnedWatchdog(Watchdog):
    """Its minutes are as long as the file says."""

    def look(self) -> bool:
        self._well_since -= float(FILE.read_text())
        FILE.write_text("0")
        return super().look()


FILE = Path(sys.argv[1])
runtime.serve.Watchdog = TurnedWatchdog  # type: ignore[misc]
sys.exit(main(["run", "--data", sys.argv[2], "--http", "127.0.0.1:0"]))
