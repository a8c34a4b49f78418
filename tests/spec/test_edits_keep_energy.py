"""Whoever edits a device starts its gateway anew: what its neighbours count is neither lost nor booked twice."""

import datetime

import pytest

from runtime.core.energy.bins import Period
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import bin_n
from tests.spec.workshop import STILL, workshop

TS = int(datetime.datetime.fromisoformat("2026-03-11T09:55:00+01:00").timestamp())
FIRST_EDGE_TS, LAST_EDGE_TS = TS + 300, TS + 1500
EDITED_AFTER_MIN = (7, 9, 11, 13, 14.9, 15, 17, 19, 21, 23, 24.9, 25)
OFF_N = 10_000 + 4_000_000 // 3600 * 120  # at an edge: a step of the register, and two minutes of all lamps
COUNTER = QUANTITIES["active_energy_import_wh"].number


@pytest.fixture
def shop(tmp_path):
    """Slots pass in seconds."""
    with workshop(tmp_path, ts=TS, speed=STILL) as played:
        played.start()
        yield played


def ledger(store, device):
    with store.reading() as txn:
        return get_ledgers(store, txn, device).get(COUNTER)


def test_edits_all_the_time_and_at_the_edges_lose_nothing_of_a_neighbour(shop):
    lamps, saws = shop.id_of("Lamps"), shop.id_of("Saws")
    shop.passes(6)
    first = shop.eventually(lambda: ledger(shop.server.store, lamps))
    before = incarnation(shop)
    for turn, minutes in enumerate(EDITED_AFTER_MIN):
        shop.passes(minutes)
        shop.ask(f"/devices/{saws}", "PATCH", {"supply": ("downstream", "upstream")[turn % 2]})
        shop.eventually(lambda: shop.device("Lamps")["state"] == "on")
    shop.eventually(lambda: incarnation(shop) - before >= len(EDITED_AFTER_MIN))
    shop.eventually(lambda: ledger(shop.server.store, lamps).edge_ts >= LAST_EDGE_TS)
    edits = shop.get(f"/events?code=counter_base_edited&subject=device.{saws}")
    assert edits and all("supply" in event["detail"] for event in edits)
    assert shop.get(f"/events?code=counter_base_edited&subject=device.{lamps}") == []
    shop.stop()

    store = open_store(shop.data)
    last = ledger(store, lamps)
    assert last.raw_n - first.raw_n == last.total_n - first.total_n > 0
    assert bin_n(store, Period.YEAR, TS, lamps) == last.edge_total_n
    with store.reading() as txn:
        starts = [row.start_ts for row in Rows(store).scan(txn, 0, 1 << 40) if row.device == lamps]
    store.close()
    assert starts == sorted(set(starts)) and len(starts) >= 3
    assert first.edge_ts == FIRST_EDGE_TS
    truth_n = shop.outside.true_energy_n("Lamps", first.edge_ts, last.edge_ts)
    assert last.edge_total_n - first.edge_total_n == pytest.approx(truth_n, abs=2 * OFF_N)


def incarnation(shop):
    return next(child.incarnation for child in shop.server.root.supervisor.children() if child.name == "gateway.2")
