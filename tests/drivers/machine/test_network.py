import pytest

from drivers.machine import network
from runtime.core.machine import Interface, NetworkSetting
from runtime.errors import DriverError
from tests.drivers.machine.standin import PROFILE, Programs

FIXED = NetworkSetting("manual", "10.0.0.9/24", "10.0.0.1", ("10.0.0.1", "1.1.1.1"))


@pytest.fixture
def programs(tmp_path, monkeypatch):
    return Programs(tmp_path, monkeypatch)


def test_cards_are_listed_with_what_they_use_and_what_they_are_set_to(programs):
    now = NetworkSetting("", "10.0.0.7/24", "10.0.0.1", ("10.0.0.1", "9.9.9.9"))
    assert network.look() == (
        Interface("eth0", "4E:6D:2C:FC:18:56", "connected", PROFILE, NetworkSetting("auto"), now),
    )


def test_a_fixed_address_is_written_and_used_at_once(programs):
    network.change(network.look()[0], FIXED)
    assert network.look()[0].wanted == FIXED
    assert programs.state["up"] == 1


def test_back_to_dhcp_leaves_no_address_behind(programs):
    network.change(network.look()[0], FIXED)
    network.change(network.look()[0], NetworkSetting("auto"))
    assert network.look()[0].wanted == NetworkSetting("auto")


def test_an_address_that_cannot_be_used_puts_back_what_was_there(programs):
    card = network.look()[0]
    with pytest.raises(DriverError, match="could not be reserved"):
        network.change(card, NetworkSetting("manual", "10.99.0.9/24"))
    assert network.look()[0].wanted == card.wanted
