from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

from tests.webui.stage import VALUES_N, Stage
from webui.model.livefeed import LiveFeed


def _asked(feed: LiveFeed) -> tuple[str, dict[str, Any]]:
    snapshot = feed.snapshot()
    return snapshot.v, json.loads(snapshot.plain)


def test_readings_have_value_unit_time_and_quality(site: Stage) -> None:
    _, live = _asked(LiveFeed(site.bridge))
    readings = live["devices"][0]["readings"]
    assert readings["active_power_w"] == {
        "value": 12345.6, "unit": "W", "ts": "2026-11-20T14:29:58.000+01:00", "quality": "good"
    }  # fmt: skip
    assert readings["active_energy_import_wh"]["value"] == 1_234_567.89
    assert live["now"] == "2026-11-20T14:30:00+01:00"
    assert live["stale_after_s"] == 30


def test_bytes_are_the_same_object_within_a_second(site: Stage) -> None:
    feed = LiveFeed(site.bridge)
    first = feed.snapshot()
    site.publishes(1, values_n=(0, *VALUES_N[1:]))
    site.clock.goes_on(0.9)
    assert feed.snapshot() is first
    site.clock.goes_on(0.2)
    assert feed.snapshot().v != first.v


def test_v_stays_when_only_the_time_of_readings_went_on_and_now_goes_on(site: Stage) -> None:
    feed = LiveFeed(site.bridge)
    v, _ = _asked(feed)
    site.clock.goes_on(5)
    for id in (1, 2, 3):
        site.publishes(id)
    again, live = _asked(feed)
    assert again == v
    assert live["now"] == "2026-11-20T14:30:05+01:00"


def test_v_changes_with_a_quality_a_state_and_staleness(site: Stage) -> None:
    feed = LiveFeed(site.bridge)
    seen = [feed.snapshot().v]
    view = site.publishes(1)
    for change in ({"quality": (3, *view.quality[1:])}, {"state": "communication_error"}, {}):
        site.clock.goes_on(40 if not change else 2)
        if change:
            view = replace(view, **change)  # type: ignore[arg-type]
            site.views.publish("device.1", view)
        seen.append(feed.snapshot().v)
    assert len(set(seen)) == 4


def test_another_start_of_the_server_has_other_versions(site: Stage) -> None:
    assert LiveFeed(site.bridge).snapshot().v != LiveFeed(site.bridge).snapshot().v


def test_gzip_holds_the_same(site: Stage) -> None:
    snapshot = LiveFeed(site.bridge).snapshot()
    assert gzip.decompress(snapshot.packed) == snapshot.plain


def test_a_device_that_nobody_has_published_is_unknown(site: Stage) -> None:
    site.views.withdraw("device.2")
    _, live = _asked(LiveFeed(site.bridge))
    assert [device["state"] for device in live["devices"]] == ["on", "unknown", "on"]
    assert live["devices"][1]["readings"] == {}


def test_values_that_are_none_or_text_or_never_read(site: Stage) -> None:
    site.publishes(
        1, quantities=("active_power_w", "serial_number", "frequency_hz"), values_n=(None, 'A"1', None), ts_ms=(1, 1, 0)
    )  # fmt: skip
    _, live = _asked(LiveFeed(site.bridge))
    readings = live["devices"][0]["readings"]
    assert readings["active_power_w"]["value"] is None
    assert readings["serial_number"]["value"] == 'A"1'
    assert readings["frequency_hz"]["ts"] is None


def test_a_name_with_quotes_and_controls_is_still_json(site: Stage) -> None:
    named = replace(site.installation.devices[0], name='"\\\x00\u202e<b>')
    site.installation = replace(site.installation, devices=(named, *site.installation.devices[1:]))
    _, live = _asked(LiveFeed(site.bridge))
    assert live["devices"][0]["name"] == '"\\\x00\u202e<b>'


def test_settings_that_are_read_hourly_do_not_grow_old_between(site: Stage) -> None:
    an_hour_ago = site.clock.now_ms() - 3_500_000
    site.publishes(1, quantities=("ct_ratio",), values_n=(40_00,), ts_ms=(an_hour_ago,))
    _, live = _asked(LiveFeed(site.bridge))
    assert live["devices"][0]["readings"]["ct_ratio"]["stale_after_s"] == 7200
    assert "stale" not in site.get("/devices/1").text.partition('data-quantity="ct_ratio"')[0].rpartition("<span")[2]


def test_an_edited_installation_shows_at_once(site):
    first = site.get("/api/v1/live").json
    site.installation = replace(site.installation, devices=site.installation.devices[:1])
    then = site.get("/api/v1/live").json
    assert (len(first["devices"]), len(then["devices"])) == (3, 1)
    assert then["v"] != first["v"]
