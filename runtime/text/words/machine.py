"""The machine: its clock and its network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "machine_service_missing": Advice(
            N_("The service of the machine that sets this is not there."),
            N_("Set it with the tools of the machine; here it is only shown."),
        ),
        "machine_service_slow": Advice(N_("The machine did not answer in time."), N_("Try again in a few seconds.")),
        "machine_denied": Advice(
            N_("The server may not change this setting of the machine."),
            N_("Install the rule that comes with the package, or set it with the tools of the machine."),
        ),
        "machine_refused": Advice(N_("The machine refused this setting."), N_("Check what you have entered.")),
        "interface_unknown": Advice(
            N_("This network card is not there or has no connection."), N_("Plug the cable in and load the page again.")
        ),
        "network_unconfirmed": Advice(
            N_("The last change of the network has not been confirmed."),
            N_("Confirm it, or wait two minutes until it is taken back."),
        ),
        "host_name_wrong": Advice(
            N_("This is neither a name nor an address of a server."), N_("Such as 192.168.1.1 or pool.ntp.org.")
        ),
        "ip_address_wrong": Advice(
            N_("This is no IP address."), N_("Four numbers from 0 to 255, such as 192.168.1.100.")
        ),
        "ip_address_not_a_host": Advice(
            N_("This address cannot belong to a machine."),
            N_("The first and the last address of a network are not free."),
        ),
        "netmask_wrong": Advice(N_("The subnet mask is missing or wrong."), N_("Such as 255.255.255.0, or 24.")),
        "gateway_elsewhere": Advice(
            N_("The gateway is not in the network of this address."), N_("Check address, mask and gateway.")
        ),
        "network_method_wrong": Advice(N_("The address is fixed or comes by DHCP."), N_("Choose one of the two.")),
        "dns_too_many": Advice(N_("These are too many DNS servers."), N_("Two at most.")),
        "time_wrong": Advice(N_("This is no date and time."), N_("Such as 2026-11-20 14:30.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "clock_set": N_("The clock of the machine was set"),
        "network_set": N_("The network settings were changed"),
        "network_kept": N_("The new network settings were confirmed"),
        "network_reverted": N_("Nobody confirmed the new network settings; the old ones are back"),
        "network_stuck": N_("The old network settings could not be put back"),
    }
)
