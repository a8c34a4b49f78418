"""The machine that the server runs on: how it is doing, its clock, its network."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import asdict
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Any

import bottle

from actors.message.machine import MACHINE, ConfirmNetwork, SetClock, SetNetwork
from runtime.code.codes import status_of
from runtime.core.machine import ClockSetting, Interface, MachineView, NetworkSetting, clock_faults, network_faults
from runtime.errors import WattkeeperError
from runtime.text.moment import iso, parse_ts
from webui.api.request import parameter
from webui.api.request.body import fields
from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

SEE = (("server_configuration", "see"),)
ACT = (("server_configuration", "act"),)
WITHIN_S = 45.0  # a card that asks for an address by DHCP takes its time


class MachineApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._asking = ActorClient(bridge, most=1)  # one change of the machine at a time

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/machine", self.machine)
        yield Route("PUT", "/api/v1/machine/clock", self.clock)
        yield Route("PUT", "/api/v1/machine/network/<name>", self.network)
        yield Route("POST", "/api/v1/machine/network/confirm", self.confirm)

    @needs(*SEE)
    def machine(self) -> bottle.HTTPResponse:
        return json_answer(self._describe(self._bridge.machine()))

    @needs(*ACT)
    def clock(self) -> bottle.HTTPResponse:
        """``time`` in the site's zone unless it says its offset; only for a clock that is set by hand."""
        asked = fields()
        setting = ClockSetting(asked.flag("automatic"), asked.text("server", ""))
        time = asked.text("time", "")
        asked.end()
        for field, code in clock_faults(setting):
            raise parameter.refuse(field, f"{setting.server!r} is neither a name nor an address.", code)
        if time and setting.automatic:
            raise parameter.refuse("time", "The time comes by itself: switch that off first.", "time_wrong")
        ts = self._ts(time) if time else None
        return self._ask(lambda reply: SetClock(setting, ts, caller().name, reply))

    @needs(*ACT)
    def network(self, name: str) -> bottle.HTTPResponse:
        """What the card uses from now on; it must be confirmed within two minutes."""
        asked = fields()
        method = asked.one_of("method", ("auto", "manual"))
        address, mask, gateway = (asked.text(field, "") for field in ("address", "mask", "gateway"))
        dns = tuple(asked.text("dns", "").replace(",", " ").split())
        asked.end()
        setting = NetworkSetting(method, dns=dns)
        if method == "manual":
            setting = NetworkSetting(method, f"{address}/{_prefix(mask)}", gateway, dns)
        for field, code in network_faults(setting):
            raise parameter.refuse("mask" if code == "netmask_wrong" else field, _SENTENCES[code], code)
        return self._ask(lambda reply: SetNetwork(name, setting, caller().name, reply))

    @needs(*ACT)
    def confirm(self) -> bottle.HTTPResponse:
        return self._ask(lambda reply: ConfirmNetwork(caller().name, reply))

    def _ask(self, make: Callable[[Any], object]) -> bottle.HTTPResponse:
        with self._asking.waiting():
            try:
                return json_answer(self._describe(self._bridge.ask(MACHINE, make, WITHIN_S)))
            except WattkeeperError as error:
                raise RequestRefused(status_of(error.code), error.code, error.message) from None

    def _ts(self, time: str) -> int:
        try:
            return parse_ts(time)
        except ValueError:
            pass
        try:
            local = datetime.datetime.fromisoformat(time)
        except ValueError:
            raise parameter.refuse("time", f"{time!r} is no date and time.", "time_wrong") from None
        return int(local.replace(tzinfo=self._bridge.zone).timestamp())

    def _describe(self, view: MachineView) -> dict[str, Any]:
        vitals, clock = view.vitals, view.clock
        left_s = max(0, round(view.revert_at - self._bridge.clock.monotonic())) if view.unconfirmed else None
        return {
            "cpu_pct": vitals.cpu_pct,
            "overloaded": view.is_overloaded,
            "memory_bytes": vitals.memory_bytes,
            "memory_free_bytes": vitals.memory_free_bytes,
            "own_bytes": vitals.own_bytes,
            "disk_bytes": vitals.disk_bytes,
            "disk_free_bytes": vitals.disk_free_bytes,
            "booted": None if vitals.booted_ts is None else iso(vitals.booted_ts, self._bridge.zone),
            "clock": None if clock is None else asdict(clock),
            "network": None if view.interfaces is None else [_card(card) for card in view.interfaces],
            "unconfirmed": {"card": view.unconfirmed, "left_s": left_s} if view.unconfirmed else None,
        }


_SENTENCES = {
    "ip_address_wrong": "This is no IP address.",
    "ip_address_not_a_host": "This address cannot belong to a machine.",
    "netmask_wrong": "The subnet mask is missing or wrong.",
    "gateway_elsewhere": "The gateway is not in the network of this address.",
    "network_method_wrong": "The method is auto or manual.",
    "dns_too_many": "Two DNS servers at most.",
}


def _prefix(mask: str) -> int:
    """ "255.255.255.0" or "24" -> 24. Raises RequestRefused."""
    try:
        return IPv4Network(f"0.0.0.0/{mask}").prefixlen
    except (AddressValueError, NetmaskValueError, ValueError):
        raise parameter.refuse("mask", _SENTENCES["netmask_wrong"], "netmask_wrong") from None


def _card(card: Interface) -> dict[str, Any]:
    wanted = {**asdict(card.wanted), "dns": list(card.wanted.dns)}
    now = {"address": card.now.address, "gateway": card.now.gateway, "dns": list(card.now.dns)}
    return {"name": card.name, "mac": card.mac, "state": card.state, "wanted": wanted, "now": now}
