"""Opens one crash state after the other: reads ``FOLDER ACKNOWLEDGED_TS`` a line, answers "whole" or what is wrong.

A process of its own: LMDB aborts where pages are damaged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.meta import check_meta
from tests.faults.test_kill_store import check
from tests.faults.writer import DEVICES, QUANTITIES
from tests.runtime.store.site import STEP_S, book, sample


def verdict(folder: Path, acknowledged_ts: int) -> str:
    if wrong := check_meta(folder / "data.mdb"):
        return wrong
    try:
        committed_ts = check(folder, acknowledged_ts)
        store = open_store(folder)
        book(store, [sample(device, committed_ts, quantities=QUANTITIES, is_steady=True) for device in DEVICES])
        with store.reading() as txn:
            states = get_ledgers(store, txn, DEVICES[0])
        store.close()
        assert max(state.edge_ts for state in states.values()) == committed_ts + STEP_S
        check(folder, committed_ts + STEP_S)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the verdict
        return f"{type(error).__name__}: {error}".replace("\n", " ")[:500]
    return "whole"


if __name__ == "__main__":
    for line in sys.stdin:
        name, ts = line.rsplit(" ", 1)
        print(verdict(Path(name), int(ts)), flush=True)
