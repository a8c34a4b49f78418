"""``wattkeeper scan``: who answers on a bus and what it is likely to be, on real sockets and a serial line."""

import json
import subprocess
import sys

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


def shop_gateways(shop):
    from simulator.play.installation import installation

    return installation(shop.outside.site.scenario).gateways


def test_a_gateway_that_is_not_there_is_an_error_in_one_line():
    command = [sys.executable, "-m", "runtime", "scan", "tcp://127.0.0.1:9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "refuses the connection" in done.stderr.splitlines()[-1]
