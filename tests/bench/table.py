"""The table of goal and measured: every benchmark adds its rows, ``python -m tests.bench`` writes them down.

A benchmark measures, a reader judges: rows say whether the goal was reached, nothing fails for a noisy machine.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROWS_FILE = "WATTKEEPER_BENCH_ROWS"
TABLE = Path(__file__).parent.parent.parent / "docs" / "measured.md"
SOAK_MARK = "\n## Soak\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of docs/measured.md.

    what      what was measured, and how in a few words
    goal      as the design says it
    measured  figure with unit
    reached   whether the goal was reached in this run
    beside    what the peers in the same run got, "" when there are none
    """

    what: str
    goal: str
    measured: str
    reached: bool
    beside: str = ""

    def line(self) -> str:
        """As a row of a Markdown table."""
        cells = (self.what, self.goal, self.measured, "yes" if self.reached else "**no**", self.beside)
        return f"| {' | '.join(cells)} |"


def tell(row: Row) -> None:
    """Print the row and, under ``python -m tests.bench``, keep it for the table."""
    print(f"\n{row.what}: {row.measured} (goal {row.goal}){' · beside: ' + row.beside if row.beside else ''}")
    if name := os.environ.get(ROWS_FILE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")


def rows_in(file: Path) -> list[Row]:
    return [Row(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def kept_soak(table: Path) -> str:
    """What ``make soak`` measured last; it stays until that runs again."""
    before = table.read_text(encoding="utf-8") if table.exists() else ""
    return SOAK_MARK + before.partition(SOAK_MARK)[2] if SOAK_MARK in before else ""
