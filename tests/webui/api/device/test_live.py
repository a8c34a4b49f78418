from __future__ import annotations

import gzip
import json

from actors.message.device import WatchDevices
from tests.webui.stage import Stage
from webui.model.staleness import is_stale


def test_nothing_changed_since_is_v_alone(site: Stage) -> None:
    v = site.get("/api/v1/live").json["v"]
    assert site.get(f"/api/v1/live?since={v}").json == {"v": v}
    site.clock.goes_on(2)
    site.publishes(1, state="off")
    assert "devices" in site.get(f"/api/v1/live?since={v}").json


def test_an_unknown_v_gets_everything(site: Stage) -> None:
    assert len(site.get("/api/v1/live?since=gone-1").json["devices"]) == 3


def test_it_comes_packed_to_those_who_take_it(site: Stage) -> None:
    packed = site.get("/api/v1/live", accept_encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.body)) == site.get("/api/v1/live").json


def test_main_leaves_out_what_a_card_does_not_show(site: Stage) -> None:
    readings = site.get("/api/v1/live?quantities=main").json["devices"][0]["readings"]
    assert list(readings) == ["active_energy_import_wh", "active_power_w"]
    assert site.get("/api/v1/live?quantities=few").status == 400


def test_one_device_tells_the_same_as_among_all(site: Stage) -> None:
    one = site.get("/api/v1/devices/2/live").json
    now = one.pop("now")
    everything = site.get("/api/v1/live").json
    assert (now, one) == (everything["now"], everything["devices"][1])


def test_a_device_that_somebody_looks_at_is_watched(site: Stage) -> None:
    site.get("/api/v1/devices/2/live")
    assert site.posted == [("gateway.1", WatchDevices((2,), 10.0))]


def test_values_from_the_future_are_old_too(site: Stage) -> None:
    v = site.get("/api/v1/live").json["v"]
    site.clock.goes_on(-3600)
    assert is_stale("active_power_w", site.clock.now_ms() + 3_600_000, site.clock.now_ms(), 30)
    assert site.get("/devices/1").text.count("stale") > 3
    site.clock.goes_on(7200)
    assert site.get("/api/v1/live").json["v"] != v
