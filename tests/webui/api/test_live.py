from __future__ import annotations

import gzip
import json

from tests.webui.stage import Stage


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
