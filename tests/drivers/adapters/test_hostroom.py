"""Places at a host are counted by its address, given back, and this machine has as many as are wanted."""

import pytest

from drivers.adapters.hostroom import HostRoom, is_loopback
from runtime.errors import LinkDown


def test_a_host_has_so_many_places_and_another_one_its_own():
    room = HostRoom(2)
    for address in ("10.0.0.5", "10.0.0.5", "10.0.0.6"):
        room.take(address)
    with pytest.raises(LinkDown, match="2 connections to 10.0.0.5 are open") as caught:
        room.take("10.0.0.5")
    assert caught.value.code == "host_full"
    room.leave("10.0.0.5")
    room.take("10.0.0.5")


def test_what_is_open_stays_when_there_are_fewer_places_from_now_on():
    room = HostRoom(3)
    for _ in range(3):
        room.take("10.0.0.5")
    room.most = 1
    for _ in range(2):
        room.leave("10.0.0.5")
    with pytest.raises(LinkDown):
        room.take("10.0.0.5")
    room.leave("10.0.0.5")
    room.take("10.0.0.5")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_has_room_for_all(address):
    room = HostRoom(1)
    for _ in range(300):
        room.take(address)


@pytest.mark.parametrize("address", ["10.0.0.5", "fe80::1%eth0", "2001:db8::1"])
def test_other_machines_have_not(address):
    assert not is_loopback(address)
    room = HostRoom(1)
    room.take(address)
    with pytest.raises(LinkDown):
        room.take(address)
