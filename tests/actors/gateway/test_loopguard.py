"""Devices that a loop leads to are believed nothing until it is none."""

from __future__ import annotations

from types import SimpleNamespace

from actors.gateway.loopguard import judge
from actors.message.servertree import LoopReported
from runtime.core.site.installation import DeviceSpec


class Device:
    """Of what a live device does only what is asked here."""

    def __init__(self, model):
        self.spec, self.health = DeviceSpec(1, "A", 1, 247, model), SimpleNamespace(doubt=None)

    def suspect(self, doubt, now_ts):
        self.health.doubt = doubt


def judged(device, path):
    return len(list(judge([device], LoopReported(path), 5_000)))


def test_a_device_of_another_server_is_doubted_once_and_believed_again():
    device = Device("wsmeasure")
    assert judged(device, "") == 0
    assert judged(device, "A → B → A") == 1
    assert (device.health.doubt.code, device.health.doubt.message) == ("server_loop", "A → B → A")
    assert judged(device, "A → B → A") == 0
    assert judged(device, "") == 1 and device.health.doubt is None


def test_a_meter_behind_the_same_gateway_is_none_of_it():
    assert judged(Device("acme"), "A → B → A") == 0
