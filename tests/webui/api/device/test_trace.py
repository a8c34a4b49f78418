from __future__ import annotations

from typing import Any

import pytest

from drivers.families.catalogue import load_maps
from runtime.core.decode.compiled import CompiledMap, compile_map
from runtime.core.modbus.request import Request
from runtime.core.poll.trace import Trace
from runtime.store.env import Store
from tests.webui.stage import Stage, stage

METER = compile_map(load_maps()["legrand-412045"])


@pytest.fixture
def watched(store: Store) -> Stage:
    """A site whose first bus was seen at work: a block of device 1, a command, and a device 2 that is silent."""
    return seen(stage(store, map_of=lambda id: METER))


def seen(site: Stage) -> Stage:
    now_ms = site.clock.now_ms()
    trace = Trace(now_ms - 60_000)
    trace.note(1, now_ms - 2000, 0.0512, METER.request(0, 2), bytes(2 * METER.blocks[0].words), "", "")
    trace.note(0, now_ms - 1500, 0.02, Request(2, 6, 16, 1, b"\0\1"), b"", "", "")
    trace.note(2, now_ms - 1000, 1.0, METER.request(0, 3), None, "no_answer", "unit 3 did not answer in time")
    site.views.publish("trace.1", trace)
    return site


def transactions(site: Stage, query: str = "") -> list[dict[str, Any]]:
    return list(site.get(f"/api/v1/gateways/1/trace{query}").json["transactions"])


def test_a_read_tells_when_it_was_sent_its_bytes_and_its_values(watched: Stage) -> None:
    read = transactions(watched)[0]
    assert (read["ts"], read["took_ms"]) == ("2026-11-20T14:29:57.949+01:00", 51.2)
    assert (read["device"], read["unit"], read["error"]) == (1, 2, None)
    assert read["request"].startswith("02 03") and read["reply"].startswith("02 03")
    assert {value["quantity"] for value in read["values"]} <= set(METER.quantities) and read["values"]


def test_a_command_belongs_to_no_device_and_a_failure_has_no_reply(watched: Stage) -> None:
    _, command, failure = transactions(watched)
    assert (command["device"], command["request"], command["reply"]) == (None, "02 06 00 10 00 01", "02 06 00 10 00 01")
    assert (failure["reply"], failure["error"]["code"], failure["values"]) == (None, "no_answer", [])


@pytest.mark.parametrize(
    ("query", "left"), [("?unit=2", [1, 2]), ("?errors=1", [3]), ("?limit=1", [3]), ("?unit=9", [])]
)
def test_it_is_sifted_by_address_and_errors(watched: Stage, query: str, left: list[int]) -> None:
    assert [each["n"] for each in transactions(watched, query)] == left


def test_who_looks_again_gets_what_is_new_and_all_of_it_after_a_restart_of_the_bus(watched: Stage) -> None:
    v = watched.get("/api/v1/gateways/1/trace").json["v"]
    assert transactions(watched, f"?since={v}") == []
    trace = watched.bridge.trace(1)
    assert trace is not None
    trace.note(1, watched.clock.now_ms(), 0.05, METER.request(0, 2), None, "bad_crc", "garbled")
    assert [each["n"] for each in transactions(watched, f"?since={v}")] == [4]
    assert len(transactions(watched, "?since=77-3")) == len(transactions(watched, "?since=nonsense")) == 4


def test_a_bus_that_never_ran_has_nothing_to_show(site: Stage) -> None:
    assert transactions(site) == []
    assert site.get("/api/v1/gateways/9/trace").status == 404


def test_a_model_that_is_not_known_still_shows_its_bytes(store: Store) -> None:
    def nothing(id: int) -> CompiledMap | None:
        return None

    read = transactions(seen(stage(store, map_of=nothing)))[0]
    assert read["values"] == [] and read["reply"]


def test_the_page_names_devices_and_quantities_in_the_visitor_s_language(watched: Stage) -> None:
    assert "Bus monitor" in watched.get("/gateways/1/trace").text
    french = watched.get("/gateways/1/trace", cookie="language=fr").text
    assert "Moniteur de bus" in french and "Meter 1" in french and "Puissance active" in french
    assert watched.get("/gateways/9/trace").status == 404
    assert 'href="/gateways/1/trace"' in watched.get("/gateways").text
