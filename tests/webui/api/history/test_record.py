from __future__ import annotations

import pytest

from runtime.store.env import Store
from runtime.store.object.events import add_event
from tests.webui.stage import NOW_TS, Stage


def test_events_come_newest_first_and_can_be_sifted(site: Stage, store: Store) -> None:
    with store.writing() as txn:
        add_event(store, txn, NOW_TS * 1000 - 5000, "device.1", "communication_error", "silent")
        add_event(store, txn, NOW_TS * 1000 - 4000, "gateway.1", "address_doubled")
    events = site.get("/api/v1/events").json
    assert [event["subject"] for event in events] == ["gateway.1", "device.1"]
    assert events[1]["ts"] == "2026-11-20T14:29:55.000+01:00" and isinstance(events[1]["id"], str)
    assert [event["code"] for event in site.get("/api/v1/events?subject=device.1").json] == ["communication_error"]
    assert site.get(f"/api/v1/events?from={NOW_TS}&to={NOW_TS + 9}").json == []
    assert len(site.get("/api/v1/events?limit=1").json) == 1


def test_samples_name_their_quantity_and_unit(site: Stage) -> None:
    answer = site.get("/api/v1/samples?device=1&quantity=voltage_l1_v&from=2026-11-20T00:00:00%2B01:00").json
    assert (answer["device"], answer["quantity"], answer["unit"]) == (1, "voltage_l1_v", "V")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("quantity=active_power_w", "device"), ("device=x&quantity=active_power_w", "device"), ("device=1", "quantity"),
        ("device=1&quantity=phlogiston", "quantity"), ("device=1&quantity=active_power_w&from=yesterday", "from"),
        ("device=1&quantity=active_power_w&from=2026-11-20T00:00:00", "from"),
        ("device=1&quantity=active_power_w&from=20&to=10", "to"), ("device=1&quantity=active_power_w&from=0", "from"),
        ("device=1&quantity=active_power_w&to=99999999999999999999", "to"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_refused_by_name(site: Stage, query: str, field: str) -> None:
    answer = site.get(f"/api/v1/samples?{query}")
    assert (answer.status, answer.json["error"]["field"]) == (400, field)
