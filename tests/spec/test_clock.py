"""A machine that does not know the time: nothing is lost, nothing is dated wrong, nothing closed is overwritten."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.clock import TrustedClock
from runtime.store.upkeep.newest import newest_ts
from tests.spec.workshop import STILL, workshop

WEDNESDAY_0955 = int(datetime.datetime(2026, 3, 11, 9, 55, tzinfo=ZoneInfo("Europe/Paris")).timestamp())
TEN_TS = WEDNESDAY_0955 + 300
MOST_W = 45_000


class Machine:
    """A machine whose clock is off by ``off_ms`` until somebody sets it right."""

    def __init__(self, right, off_ms):
        self.right, self.off_ms, self.synced = right, off_ms, False

    def now_ms(self):
        return self.right.now_ms() - self.off_ms

    def now_ts(self):
        return self.now_ms() // 1000

    def monotonic(self):
        return self.right.monotonic()

    def set_right(self):
        self.off_ms, self.synced = 0, True


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=WEDNESDAY_0955, speed=STILL) as played:
        yield played


def boots_in_1970(shop, newest=0):
    machine = Machine(shop.clock, WEDNESDAY_0955 * 1000)
    clock = TrustedClock(machine, newest, lambda: machine.synced, elapsed=lambda: shop.clock.now_ms() / 1000)
    shop.start(clock=clock)
    return machine


def samples(shop, name):
    """Start -> quality of all that was recorded."""
    span = f"from={TEN_TS - 86_400 * 90}&to={TEN_TS + 86_400 * 2}"
    found = shop.get(f"/samples?device={shop.id_of(name)}&quantity=active_power_w&{span}")["samples"]
    return {datetime.datetime.fromisoformat(each["start"]).timestamp(): each["quality"] for each in found}


def test_after_a_boot_in_1970_samples_wait_and_then_stand_where_they_belong(shop):
    machine = boots_in_1970(shop)
    shop.passes(minutes=50)
    assert shop.get("/health")["status"] == "degraded"
    assert samples(shop, "Saws") == {}
    machine.set_right()
    shop.passes(minutes=85)
    wanted = set(range(TEN_TS, TEN_TS + 3600, 600))
    recorded = shop.eventually(lambda: (found := samples(shop, "Saws")).keys() >= wanted and found)
    assert min(recorded) >= TEN_TS - 600
    assert recorded[TEN_TS + 600] == "estimated"
    assert shop.get("/health")["status"] == "ok"
    assert_the_hour_is_true(shop, "Saws")


def test_after_a_restart_in_1970_time_goes_on_from_what_is_stored_and_no_closed_slot_is_touched(shop):
    shop.start()
    shop.passes(minutes=30)
    shop.stop()
    shop.start()
    before = shop.eventually(lambda: samples(shop, "Saws"))
    newest = newest_ts(shop.server.store)
    shop.stop()
    machine = boots_in_1970(shop, newest)
    shop.passes(minutes=60)
    assert samples(shop, "Saws").keys() <= before.keys() | {newest}
    machine.set_right()
    shop.passes(minutes=85)
    shop.eventually(lambda: samples(shop, "Saws").keys() >= set(range(newest, TEN_TS + 3600, 600)))
    assert before.items() <= samples(shop, "Saws").items()
    assert_the_hour_is_true(shop, "Saws")


def assert_the_hour_is_true(shop, name):
    """Within what flows between two readings: while the time was unknown, those around edges were ten minutes apart."""
    truth_n = shop.outside.true_energy_n(name, TEN_TS, TEN_TS + 3600)
    allowed_n = MOST_W * 660 * 1000 // 3600

    def is_true():
        bins = shop.bins(name, "day", "2026-03-11")
        value = next(bin for bin in bins if bin["start"].startswith("2026-03-11T10:00"))["value"]
        return value is not None and abs(value * 1000 - truth_n) <= allowed_n

    shop.eventually(is_true)
