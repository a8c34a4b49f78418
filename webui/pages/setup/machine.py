"""The machine's clock and network: shown, and set where the machine lets us."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Interface, NetmaskValueError

from runtime.core.clock.timegrid import local
from runtime.core.machine import Interface
from runtime.core.site.diff import etag_of, site_of
from runtime.text.timezones import offered_zones
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

SEE = (("server_configuration", "see"),)


class MachinePages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/server/clock", self.clock)
        yield Route("GET", "/server/network", self.network)

    @needs(*SEE)
    def clock(self) -> str:
        bridge, site = self._bridge, self._bridge.installation()
        return self._shell.page(
            "clock.html",
            control=bridge.machine().clock,
            trusted=bridge.clock_state().trusted,
            site_now=local(bridge.clock.now_ts(), bridge.zone),
            zones=offered_zones(site.zone),
            site_zone=site.zone,
            etag=etag_of(site_of(site)),
        )

    @needs(*SEE)
    def network(self) -> str:
        view = self._bridge.machine()
        left_s = max(0, round(view.revert_at - self._bridge.clock.monotonic()))
        return self._shell.page(
            "network.html",
            cards=None if view.interfaces is None else [(card, _split_card(card)) for card in view.interfaces],
            unconfirmed=view.unconfirmed,
            left_s=left_s,
        )


def _split_card(card: Interface) -> tuple[str, str]:
    """Address and mask as forms show them: what is set, else what is used now."""
    try:
        whole = IPv4Interface(card.wanted.address or card.now.address)
    except (AddressValueError, NetmaskValueError, ValueError):
        return "", ""
    return str(whole.ip), str(whole.netmask)
