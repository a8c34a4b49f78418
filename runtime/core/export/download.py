"""What a data download is to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

LISTS = ("devices", "groups", "loads")
STEPS_S: Mapping[str, int] = {"15min": 900, "1h": 3600, "1d": 86_400}
MOST_DAYS = 3700
DECIMALS, SEPARATORS = (",", "."), (",", ";")


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How files are written for spreadsheets; the manual's is a comma for both (8.4.1)."""

    decimal: str = ","
    separator: str = ","


@dataclass(frozen=True, slots=True)
class Download:
    """Energy of what is listed, in steps.

    listed      "devices", "groups" or "loads"; ``ids`` of them
    first, last  days of the site, both included
    step        "15min", "1h" or "1d"
    """

    listed: str
    ids: tuple[int, ...]
    first: date
    last: date
    step: str
    with_costs: bool
    format: CsvFormat = CsvFormat()

    @property
    def owners(self) -> tuple[str, ...]:
        """As charts name them."""
        return tuple(f"{self.listed.removesuffix('s')}:{id}" for id in self.ids)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ids": list(self.ids), "first": self.first.isoformat(), "last": self.last.isoformat()}


def download_of(record: Mapping[str, Any]) -> Download:
    """What ``to_json`` gave. Raises KeyError, TypeError, ValueError for anything else."""
    return Download(
        str(record["listed"]),
        tuple(int(id) for id in record["ids"]),
        date.fromisoformat(record["first"]),
        date.fromisoformat(record["last"]),
        str(record["step"]),
        bool(record["with_costs"]),
        CsvFormat(**record["format"]),
    )


def file_name(listed: str, fluid: str, *, cost: bool) -> str:
    """As the manual names them (8.5.1): of loads there is electricity only, and no word says so."""
    fluid_word = "" if listed == "loads" and fluid == "electricity" else f"_{fluid}"
    return f"report_energy_{listed}{fluid_word}{'_cost' if cost else ''}.csv"
