from __future__ import annotations

import pytest

from actors.recorder.findings import reports_of
from actors.recorder.transaction import Transaction, Waiting
from actors.recorder.waitingsample import WaitingSample
from runtime.core.energy.continuity import gaps_of
from runtime.core.energy.ledger import Finding
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.store.energy.cycle import CounterFinding
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import STEP_S, T0, sample

COUNTERS = tuple(id for id, quantity in QUANTITIES.items() if quantity.kind == "counter")[:24]


def gap(quantity: str, since_ms: int = 1000, ts_ms: int = 9000, device: int = 1) -> CounterFinding:
    return CounterFinding(device, quantity, Finding("counter_gap", since_ms, ts_ms, 5, 19))


def test_33_one_outage_of_a_meter_with_24_counters_is_one_event(tmp_path) -> None:
    assert len(COUNTERS) == 24
    site, store = Installation(devices=(DeviceSpec(1, "Main", 1, 1, "m"),)), open_store(tmp_path / "store")
    transaction = Transaction(store, Rows(store))
    transaction.commit(site, Waiting((WaitingSample(sample(1, T0, quantities=COUNTERS)),)))
    transaction.commit(site, Waiting((WaitingSample(sample(1, T0 + 9 * STEP_S, quantities=COUNTERS)),)))
    (event,) = History(store).events(subject="device.1")
    gaps = gaps_of(event.code, event.ts_ms, event.detail)
    assert event.code == "counter_gap" and {quantity for quantity, _ in gaps} == set(COUNTERS)
    assert {each.energy_n for _, each in gaps} != {0}
    store.close()


def test_two_outages_and_two_devices_have_an_event_each() -> None:
    first, second = COUNTERS[:2]
    findings = [gap(first), gap(second, 1200, 9001), gap(first, 20_000, 30_000), gap(first, device=2)]
    assert list(reports_of(findings)) == [
        (9001, 1, "counter_gap", f"{first} 5 19 since 1000; {second} 5 19 since 1200"),
        (30_000, 1, "counter_gap", f"{first} 5 19 since 20000"),
        (9000, 2, "counter_gap", f"{first} 5 19 since 1000"),
    ]


@pytest.mark.parametrize("code", ["counter_exchanged", "counter_reset"])
def test_what_happened_otherwise_is_not_joined_with_a_gap(code: str) -> None:
    jump = CounterFinding(1, COUNTERS[1], Finding(code, 1000, 9000, 5, 0))
    assert [report[2] for report in reports_of([gap(COUNTERS[0]), jump])] == ["counter_gap", code]
