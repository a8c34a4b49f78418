"""The machine, its clock and its network; the program itself, its parts and how it is started."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "machine_service_missing",
        refusal=Advice(
            N_("The service of the machine that sets this is not there."),
            N_("Set it with the tools of the machine; here it is only shown."),
        ),
        status=409,
    ),
    Code(
        "machine_service_slow",
        refusal=Advice(N_("The machine did not answer in time."), N_("Try again in a few seconds.")),
        status=503,
    ),
    Code(
        "machine_denied",
        refusal=Advice(
            N_("The server may not change this setting of the machine."),
            N_("Install the rule that comes with the package, or set it with the tools of the machine."),
        ),
        status=403,
    ),
    Code(
        "machine_refused",
        refusal=Advice(N_("The machine refused this setting."), N_("Check what you have entered.")),
        status=503,
    ),
    Code(
        "interface_unknown",
        refusal=Advice(
            N_("This network card is not there or has no connection."), N_("Plug the cable in and load the page again.")
        ),
        status=404,
    ),
    Code(
        "network_unconfirmed",
        refusal=Advice(
            N_("The last change of the network has not been confirmed."),
            N_("Confirm it, or wait two minutes until it is taken back."),
        ),
        status=409,
    ),
    Code(
        "host_name_wrong",
        refusal=Advice(
            N_("This is neither a name nor an address of a server."), N_("Such as 192.168.1.1 or pool.ntp.org.")
        ),
    ),
    Code(
        "ip_address_wrong",
        refusal=Advice(N_("This is no IP address."), N_("Four numbers from 0 to 255, such as 192.168.1.100.")),
    ),
    Code(
        "ip_address_not_a_host",
        refusal=Advice(
            N_("This address cannot belong to a machine."),
            N_("The first and the last address of a network are not free."),
        ),
    ),
    Code(
        "netmask_wrong", refusal=Advice(N_("The subnet mask is missing or wrong."), N_("Such as 255.255.255.0, or 24."))
    ),
    Code(
        "gateway_elsewhere",
        refusal=Advice(
            N_("The gateway is not in the network of this address."), N_("Check address, mask and gateway.")
        ),
    ),
    Code(
        "network_method_wrong",
        refusal=Advice(N_("The address is fixed or comes by DHCP."), N_("Choose one of the two.")),
    ),
    Code("dns_too_many", refusal=Advice(N_("These are too many DNS servers."), N_("Two at most."))),
    Code("time_wrong", refusal=Advice(N_("This is no date and time."), N_("Such as 2026-11-20 14:30."))),
    Code("clock_set", event=N_("The clock of the machine was set")),
    Code("network_set", event=N_("The network settings were changed")),
    Code("network_kept", event=N_("The new network settings were confirmed")),
    Code("network_reverted", event=N_("Nobody confirmed the new network settings; the old ones are back")),
    Code("network_stuck", event=N_("The old network settings could not be put back")),
    Code("clock_unknown", event=N_("The server does not know the time; samples wait")),
    Code("clock_given_up", event=N_("The time stayed unknown; samples are kept and marked")),
    Code("clock_trusted", event=N_("The time is known again")),
    Code(
        "clock_put_back",
        event=N_("The clock was put back: energy is counted on, and what was recorded ahead lies in its place"),
    ),
    Code("safe_mode_begun", event=N_("Safe mode: the last starts failed, no device is read")),
    Code("safe_mode_left", event=N_("The server left safe mode")),
    Code(
        "safe_mode",
        refusal=Advice(
            N_("The server is in safe mode and reads no device."),
            N_("Read devices again by the button on top of each page."),
        ),
        status=409,
    ),
    Code("child_stuck", event=N_("This part of the program does not answer")),
    Code("child_woke", event=N_("This part of the program answers again")),
    Code("child_quarantined", event=N_("This part of the program crashed too often and rests")),
    Code("child_recovered", event=N_("This part of the program runs steadily again")),
    Code("child_abandoned", event=N_("This part of the program hangs and was given up")),
    Code("actor_crashed", status=500),
    Code("commit_failed", status=500),
    Code("loop_ended", status=500),
    Code("loop_silent", status=500),
    Code("child_spec", status=500),
    Code("stop_from_inside", status=500),
    Code("code_unknown", status=500),
    Code("http_address"),
    Code("http_version"),
)
