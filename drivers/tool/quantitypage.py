"""The page ``docs/quantities.md``, made from the catalogue: ``make pages``."""

from __future__ import annotations

import sys
from decimal import Decimal

from runtime.core.quantity.catalogue import QUANTITIES, Quantity

_HEAD = """# Quantities

Everything that a device map can name. Written by `make pages`; a test holds it true.

Ids and numbers are kept for ever: files and the API are written in ids, the store's keys in numbers. Inside the program
a value is an integer count of its step, here in the unit. *Counter*: only climbs and is booked as consumption. *Gauge*:
goes up and down. *State*: one of the named states, counted from 0, or plain bits. *Text*: as the device tells it.

Positive power flows into the thing that is measured; *imported* energy was taken by it, *exported* energy given back.

| number | id | what | unit | kind | step or states |
|---:|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, Markdown."""
    rows = sorted(QUANTITIES.values(), key=lambda quantity: quantity.number)
    return _HEAD + "".join(map(_row, rows))


def _row(quantity: Quantity) -> str:
    step = ", ".join(quantity.states) or ("" if quantity.kind in ("state", "text") else str(_step(quantity)))
    return f"| {quantity.number} | `{quantity.id}` | {quantity.label} | {quantity.unit} | {quantity.kind} | {step} |\n"


def _step(quantity: Quantity) -> Decimal:
    return Decimal(1).scaleb(quantity.exp10)


if __name__ == "__main__":
    sys.stdout.write(page())
