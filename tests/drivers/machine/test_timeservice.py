import pytest

from drivers.machine import timeservice
from runtime.core.machine import ClockControl, ClockSetting
from runtime.errors import DriverError
from tests.drivers.machine.standin import Programs

TS = 1_700_000_000  # 2023-11-14 23:13:20 in Paris


@pytest.fixture
def programs(tmp_path, monkeypatch):
    return Programs(tmp_path, monkeypatch)


def test_it_tells_whether_the_time_comes_by_itself_and_from_whom(programs):
    assert timeservice.look() == ClockControl(True, True, True, "pool.example")


def test_automatic_time_names_its_server_on_every_card(programs):
    timeservice.follow(ClockSetting(True, "ntp.example"), ("eth0", "eth1"))
    assert programs.state["servers"] == {"eth0": "ntp.example", "eth1": "ntp.example"}


def test_the_clock_is_set_by_hand_in_the_time_of_the_machine(programs):
    timeservice.follow(ClockSetting(False), ("eth0",))
    timeservice.set_time(TS)
    assert programs.state["time"] == "2023-11-14 23:13:20"


def test_a_time_set_by_hand_is_refused_with_the_words_of_the_service_while_it_comes_by_itself(programs):
    with pytest.raises(DriverError, match="Automatic time synchronization is enabled") as raised:
        timeservice.set_time(TS)
    assert raised.value.code == "machine_refused"


def test_who_may_not_set_the_clock_is_told_so(programs):
    programs.fail("Failed to set ntp: Access denied")
    with pytest.raises(DriverError) as raised:
        timeservice.follow(ClockSetting(False), ())
    assert raised.value.code == "machine_denied"


def test_a_machine_without_the_service_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DriverError, match="timedatectl is not installed") as raised:
        timeservice.look()
    assert raised.value.code == "machine_service_missing"
