"""A map file dropped into the folder that plugins.toml names works after a reload, and disturbs no other device."""

import datetime
import os
import signal
import subprocess
import sys

import pytest

from runtime.app import Server
from runtime.settings import Address, Settings
from tests.spec.serving import PERIODS
from tests.spec.workshop import workshop

NOON = int(datetime.datetime.fromisoformat("2026-03-11T12:00:00+01:00").timestamp())
MAP = """
id = "abb-b23"
title = "My B23"
maker = "ABB"
source = "what the meter in the switch room says"
trust = "field"
field = [{quantity = "voltage_l2_v", at = 0x5B02, type = "u32", scale = 0.1}]
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "plugins.toml").write_text('load = ["modbus", "meters"]\nmaps = "maps"\n', encoding="utf-8")
    with workshop(tmp_path, ts=NOON) as shop:
        settings = Settings(shop.data, tmp_path / "plugins.toml", Address("127.0.0.1", 0))
        shop.server = Server(settings, shop.clock, PERIODS)
        shop.server.start()
        shop.maps = tmp_path / "maps"
        yield shop


def quantities(shop, name):
    view = shop.server.views.get(f"device.{shop.id_of(name)}")
    return view.quantities if view is not None and view.state == "on" else ()


def lives(shop):
    return {child.name: child.incarnation for child in shop.server.root.supervisor.children()}


def test_a_map_dropped_into_the_folder_is_read_after_a_reload_and_the_others_go_on(shop):
    shop.eventually(lambda: "active_power_w" in quantities(shop, "Main") and quantities(shop, "Saws"))
    before = lives(shop)
    (shop.maps / "mine.toml").write_text(MAP, encoding="utf-8")
    shop.server.reload()
    shop.eventually(lambda: quantities(shop, "Main") == ("voltage_l2_v",))
    gateway = f"gateway.{shop.server.installation.gateways[0].id}"
    shop.eventually(
        lambda: lives(shop)[gateway] != before[gateway]
    )  # children are told a moment after the first values
    assert {name for name, life in lives(shop).items() if life != before[name]} == {gateway}


def test_a_faulty_map_changes_nothing(shop):
    shop.eventually(lambda: quantities(shop, "Main"))
    before = shop.eventually(lambda: lives(shop))
    (shop.maps / "mine.toml").write_text(MAP.replace("voltage_l2_v", "voltage_l4_v"), encoding="utf-8")
    shop.server.reload()
    assert lives(shop) == before
    assert [problem.plugin for problem in shop.server.plugins.problems] == [str(shop.maps / "mine.toml")]


def test_the_server_reloads_on_sighup(tmp_path):
    (tmp_path / "plugins.toml").write_text('load = ["modbus", "meters"]\n', encoding="utf-8")
    words = ["run", "--data", tmp_path / "data", "--plugins", tmp_path / "plugins.toml", "--http", "127.0.0.1:0"]
    served = subprocess.Popen(
        [sys.executable, "-m", "runtime", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        while served.stdout.readline() != "ready\n":
            pass
        os.kill(served.pid, signal.SIGHUP)
        while "reloaded" not in served.stderr.readline():
            pass
        os.kill(served.pid, signal.SIGTERM)
        assert served.wait(60) == 0
    finally:
        served.kill()
        served.communicate()
