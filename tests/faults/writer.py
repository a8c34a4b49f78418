"""A writer to be killed: commits one slot after another and says so after each commit.

python -m tests.faults.writer FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from tests.runtime.store.site import STEP_S, T0, book, sample

DEVICES = (1, 2, 119, 120, 255)
QUANTITIES = ("active_energy_import_wh", "reactive_energy_import_varh", "water_dm3")


def main(folder: Path) -> None:
    store = open_store(folder)
    with store.reading() as txn:
        ledgers = get_ledgers(store, txn, DEVICES[0])
    start_ts = max((state.edge_ts for state in ledgers.values()), default=T0)
    os.write(1, b"open\n")
    while True:
        book(store, [sample(device, start_ts, quantities=QUANTITIES, is_steady=True) for device in DEVICES])
        start_ts += STEP_S
        os.write(1, b"%d\n" % start_ts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
