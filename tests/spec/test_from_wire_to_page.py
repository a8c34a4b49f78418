"""The main job: what the meters count is what the pages show, through everything in between."""

import datetime
import shutil
import subprocess

import pytest

from tests.spec.workshop import ENERGY, STILL, workshop

WEDNESDAY_0955 = int(datetime.datetime.fromisoformat("2026-03-11T09:55:00+01:00").timestamp())
TEN_TS = WEDNESDAY_0955 + 300
TEN = "2026-03-11T10:00:00+01:00"
STEP_N = {"Main": 10_000, "Saws": 1_000, "Lamps": 10_000, "Compressor": 10_000}  # 0.001 Wh a count of the register
MOST_W = 45_000
BETWEEN_READINGS_S = 60  # of the wall clock: a step of it, and what passes by itself


@pytest.fixture
def shop(tmp_path):
    """Where the clock hardly moves while an answer is on its way."""
    with workshop(tmp_path, ts=WEDNESDAY_0955, speed=STILL) as played:
        played.start()
        yield played


@pytest.fixture
def quick_shop(tmp_path):
    """Hours pass in seconds."""
    with workshop(tmp_path, ts=WEDNESDAY_0955, speed=STILL) as played:
        yield played


@pytest.fixture
def early_shop(tmp_path):
    """From twenty to ten: what is lost by a kill is before the hour that is looked at, and within."""
    with workshop(tmp_path, ts=WEDNESDAY_0955 - 900, speed=STILL) as played:
        yield played


def read(shop, name):
    """The device once it was read."""

    def is_read(device):
        return device["state"] == "on" and device["readings"].get(ENERGY, {}).get("ts")

    return shop.eventually(lambda: is_read(device := shop.device(name)) and device)


def test_live_values_on_the_page_are_those_the_meters_show(shop):
    reading = read(shop, "Saws")["readings"][ENERGY]
    at_ms = datetime.datetime.fromisoformat(reading["ts"]).timestamp() * 1000
    before_n, after_n = (shop.outside.shown_n("Saws", round(at_ms + lag_ms))[ENERGY] for lag_ms in (-1500, 1500))
    assert before_n <= reading["value"] * 1000 <= after_n


def test_an_hour_is_what_the_meters_counted_though_a_gateway_was_unplugged_and_the_server_restarted(quick_shop):
    """One hour for both: it takes some seconds to pass."""
    quick_shop.start()
    read(quick_shop, "Saws")
    quick_shop.passes(minutes=12)
    quick_shop.outside.fault("Hall", "unplugged")
    quick_shop.eventually(lambda: quick_shop.device("Saws")["state"] == "communication_error")
    quick_shop.passes(minutes=30)
    quick_shop.outside.fault("Hall", "normal")
    read(quick_shop, "Saws")
    quick_shop.passes(minutes=43)
    quick_shop.stop()
    quick_shop.start()
    quick_shop.passes(minutes=67)
    for name in STEP_N:
        assert_ten_to_eleven_is_true(quick_shop, name)


def test_kill_9_loses_no_recorded_row_and_books_no_energy_twice(early_shop):
    seen = {}
    for minutes in (35, 50, 65):
        early_shop.start_killable()
        early_shop.passes(minutes)
        seen.update(early_shop.eventually(lambda: (rows := recorded(early_shop)).keys() > seen.keys() and rows))
        early_shop.kill()
    early_shop.start()
    assert seen and seen.items() <= recorded(early_shop).items()
    early_shop.passes(minutes=82)
    for name in STEP_N:
        assert_ten_to_eleven_is_true(early_shop, name)


def recorded(shop):
    """Power of the closed slots: start of the slot -> what was recorded."""
    span = f"from={TEN_TS - 3600}&to={TEN_TS + 7200}"
    found = shop.get(f"/samples?device={shop.id_of('Saws')}&quantity=active_power_w&{span}")["samples"]
    return {sample["start"]: str(sample["values"]) for sample in found if sample["values"].get("mean") is not None}


def assert_ten_to_eleven_is_true(shop, name):
    """Within one step of the register and what flows between two readings, at either edge."""
    truth_n = shop.outside.true_energy_n(name, TEN_TS, TEN_TS + 3600)
    allowed_n = STEP_N[name] + round(MOST_W * BETWEEN_READINGS_S * 1000 / 3600)

    def is_true():
        shown = next(bin for bin in shop.bins(name, "day", "2026-03-11") if bin["start"] == TEN)["value"]
        return shown is not None and abs(shown * 1000 - truth_n) <= allowed_n

    shop.eventually(is_true)


@pytest.mark.parametrize(("name", "gateway", "unit"), [("Saws", "Hall", 1), ("Compressor", "Serial line", 3)])
def test_a_device_that_answers_nonsense_is_a_communication_error_with_its_cause_and_never_a_value(
    shop, name, gateway, unit
):
    before = read(shop, name)
    shop.outside.fault(gateway, "garbage", unit)
    after = shop.eventually(lambda: (d := shop.device(name))["state"] == "communication_error" and d)
    assert after["error"]["code"] and after["error"]["message"]
    assert 0 <= after["readings"][ENERGY]["value"] - before["readings"][ENERGY]["value"] < MOST_W / 60


def test_a_tool_built_on_libmodbus_sees_in_the_meter_what_the_server_shows(shop):
    assert shutil.which("mbpoll"), "this test needs mbpoll (Debian package mbpoll)"
    device = read(shop, "Main")
    host, _, port = shop.outside.play.address("Switch room").removeprefix("tcp://").partition(":")
    l1_v = ["-0", "-a", "1", "-r", str(0x5B00), "-c", "1", "-t", "4:int", "-B"]
    told = subprocess.run(["mbpoll", "-m", "tcp", "-p", port, *l1_v, "-1", host], capture_output=True, text=True)
    volts = int(told.stdout.split(f"[{0x5B00}]:")[1].split()[0]) / 10
    assert volts == pytest.approx(device["readings"]["voltage_l1_v"]["value"], abs=3)


def test_health_is_ok_once_all_devices_answer(shop):
    shop.eventually(lambda: all(device["state"] == "on" for device in shop.get("/live")["devices"]))
    assert shop.eventually(lambda: shop.get("/health")["status"] == "ok")
