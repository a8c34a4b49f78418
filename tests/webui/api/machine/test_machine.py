from __future__ import annotations

from typing import Any

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.machine import ConfirmNetwork, SetClock, SetNetwork
from runtime.core.machine import ClockControl, ClockSetting, Interface, MachineView, NetworkSetting, Vitals
from runtime.errors import DriverError
from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.stage import NOW_TS, Answer, Stage, stage

DHCP = NetworkSetting("auto")
CARD = Interface(
    "eth0", "4E:6D:2C", "connected", "uuid", DHCP, NetworkSetting("", "10.0.0.7/24", "10.0.0.1", ("9.9.9.9",))
)
VIEW = MachineView(Vitals(cpu_pct=12.5, booted_ts=NOW_TS - 86_400), ClockControl(True, True, True, "pool"), (CARD,))
FIXED = {"method": "manual", "address": "10.0.0.9", "mask": "255.255.255.0", "gateway": "10.0.0.1", "dns": "9.9.9.9"}


class Machine:
    """Does what it is asked, or refuses with ``error``."""

    def __init__(self, store: Store) -> None:
        self.site: Stage = stage(store)
        self.site.views.publish("machine", VIEW)
        self.site.peers = self._take
        self.asked: list[Any] = []
        self.error: DriverError | None = None

    def _take(self, name: str, message: Any) -> bool:
        assert name == "machine"
        self.asked.append(message)
        if self.error:
            refuse(message.reply, self.error)
        else:
            answer(message.reply, VIEW)
        return True

    def put(self, path: str, **fields: Any) -> Answer:
        return checked(self.site.send("PUT", path, fields), path, "PUT")


@pytest.fixture
def machine(store: Store) -> Machine:
    return Machine(store)


def test_load_clock_and_network_are_told(machine: Machine) -> None:
    told = checked(machine.site.get("/api/v1/machine"), "/api/v1/machine").json
    assert told["cpu_pct"] == 12.5 and told["booted"] == "2026-11-19T14:30:00+01:00"
    assert told["clock"]["server"] == "pool" and told["network"][0]["now"]["address"] == "10.0.0.7/24"


def test_a_machine_that_nobody_looked_at_yet_tells_nothing(store: Store) -> None:
    told = checked(stage(store).get("/api/v1/machine"), "/api/v1/machine").json
    assert told["clock"] is None and told["network"] is None


def test_the_clock_follows_a_server(machine: Machine) -> None:
    assert machine.put("/api/v1/machine/clock", automatic=True, server="ntp.example").status == 200
    assert isinstance(machine.asked[0], SetClock)
    assert machine.asked[0].setting == ClockSetting(True, "ntp.example") and machine.asked[0].author == "local"


def test_a_time_by_hand_is_that_of_the_site(machine: Machine) -> None:
    machine.put("/api/v1/machine/clock", automatic=False, time="2026-11-20T14:31")
    assert machine.asked[0].ts == NOW_TS + 60


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"automatic": True, "server": "x;reboot"}, "server", "host_name_wrong"),
        ({"automatic": False, "time": "soon"}, "time", "time_wrong"),
        ({"automatic": True, "time": "2026-11-20T14:31"}, "time", "time_wrong"),
        ({"automatic": "yes"}, "automatic", "bad_parameter"),
    ],
)
def test_a_clock_that_cannot_be_blames_its_field(machine: Machine, fields: Any, field: str, code: str) -> None:
    refused = machine.put("/api/v1/machine/clock", **fields)
    assert (refused.status, refused.json["error"]["field"], refused.json["error"]["code"]) == (400, field, code)
    assert machine.asked == []


@pytest.mark.parametrize("mask", ["255.255.255.0", "24"])
def test_a_fixed_address_takes_its_mask_in_both_forms(machine: Machine, mask: str) -> None:
    assert machine.site.send("PUT", "/api/v1/machine/network/eth0", {**FIXED, "mask": mask}).status == 200
    asked = machine.asked[0]
    assert isinstance(asked, SetNetwork) and asked.interface == "eth0"
    assert asked.setting == NetworkSetting("manual", "10.0.0.9/24", "10.0.0.1", ("9.9.9.9",))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mask": "255.0.255.0"}, "mask"),
        ({"mask": ""}, "mask"),
        ({"address": "10.0.0.999"}, "address"),
        ({"gateway": "10.9.0.1"}, "gateway"),
        ({"dns": "1.1.1.1, 9.9.9.9, 8.8.8.8"}, "dns"),
        ({"method": "magic"}, "method"),
    ],
)
def test_a_network_that_cannot_be_blames_its_field(machine: Machine, changed: Any, field: str) -> None:
    refused = machine.site.send("PUT", "/api/v1/machine/network/eth0", {**FIXED, **changed})
    assert (refused.status, refused.json["error"]["field"]) == (400, field)
    assert machine.asked == []


def test_the_new_network_is_confirmed(machine: Machine) -> None:
    path = "/api/v1/machine/network/confirm"
    assert checked(machine.site.send("POST", path), path, "POST").status == 200
    assert isinstance(machine.asked[0], ConfirmNetwork)


def test_what_the_machine_does_not_allow_is_told_as_such(machine: Machine) -> None:
    machine.error = DriverError("machine_denied", "timedatectl: Access denied")
    refused = machine.put("/api/v1/machine/clock", automatic=False)
    assert (refused.status, refused.json["error"]["code"]) == (403, "machine_denied")
