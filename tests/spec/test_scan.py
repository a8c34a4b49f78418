"""``wattkeeper scan``: who answers on a bus and what it is likely to be, on real sockets and a serial line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spec.workshop import workshop


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        yield played


def scan(url, units):
    done = subprocess.run(
        [sys.executable, "-m", "runtime", "scan", url, "--units", units, "--json"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {found["unit"]: found for found in json.loads(done.stdout)}, done.stderr


def test_a_gateway_s_devices_are_found_and_recognised_without_a_server(shop):
    found, progress = scan(shop.outside.play.address("Hall"), "1-8")
    assert sorted(found) == [1, 2]
    assert "eastron-sdm630" in found[1]["models"] and "legrand-412045" in found[2]["models"]
    assert "address 8 of 8, 2 found" in progress


def test_a_device_on_a_serial_line_is_named_by_its_identification_register(shop):
    url = next(gateway.url for gateway in shop_gateways(shop) if gateway.url.startswith("rtu:"))
    found, _ = scan(url, "1-5")
    assert (found[3]["models"][0], found[3]["sure"]) == ("socomec-c550", True)


@pytest.mark.parametrize(
    ("scheme", "unit", "model", "says"),
    [
        ("tcp", 7, "schneider-iem3155", "Schneider Electric A9MEM3355 A9MEM3155 V1.0"),
        ("rtu", 3, "schneider-pm3250", "Schneider Electric METSEPM3255 METSEPM3250 V1.0"),
    ],
)
def test_a_device_that_identifies_itself_is_named_on_a_network_and_on_a_serial_line(
    tmp_path, scheme, unit, model, says
):
    with workshop(tmp_path, ts=1_773_219_300, played=Path(__file__).with_name("identified.toml")) as shop:
        shop.outside.site.warm(shop.clock.now_ms())
        url = next(gateway.url for gateway in shop_gateways(shop) if gateway.url.startswith(scheme))
        found, _ = scan(url, f"{unit - 1}-{unit}")
        assert list(found) == [unit]
        device = found[unit]
        assert (device["models"], device["chosen"], device["sure"]) == ([model], model, True)
        assert device["identification"] == says


def shop_gateways(shop):
    from simulator.play.installation import installation

    return installation(shop.outside.site.scenario).gateways


def test_a_gateway_that_is_not_there_is_an_error_in_one_line():
    command = [sys.executable, "-m", "runtime", "scan", "tcp://127.0.0.1:9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "refuses the connection" in done.stderr.splitlines()[-1]
