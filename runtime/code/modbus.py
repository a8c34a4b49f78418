"""The servers that others connect to, Modbus TCP and OCPP: their ports, who may come in, what is refused."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "modbus_port_taken",
        event=N_("The port of the Modbus server is in use by another program"),
        trouble=Advice(
            N_("The port of the Modbus server is in use by another program."),
            N_("End that program, or choose another."),
        ),
    ),
    Code(
        "modbus_port_denied",
        event=N_("The Modbus server may not use its port"),
        trouble=Advice(
            N_("Ports below 1024 need a capability that this process does not have."),
            N_("Start it by its systemd service, which grants CAP_NET_BIND_SERVICE, or use port 1502."),
        ),
    ),
    Code(
        "modbus_address_foreign",
        event=N_("The Modbus server cannot listen at its address"),
        trouble=Advice(
            N_("The Modbus server cannot listen at this address."),
            N_("Choose an address of this machine, or 0.0.0.0 for all of them."),
        ),
    ),
    Code("modbus_table_full", event=N_("The register table of the Modbus server has no room for more devices")),
    Code(
        "modbus_server_off",
        refusal=Advice(N_("The Modbus server is switched off."), N_("Switch it on in the Modbus settings.")),
        status=409,
    ),
    Code(
        "server_loop",
        event=N_("A gateway leads to a server that reads this one"),
        trouble=Advice(
            N_("This gateway leads to a server that reads this one: what it counts would count itself."),
            N_("Take this gateway away, or that in the other server which leads back here."),
        ),
    ),
    Code(
        "server_foreign",
        refusal=Advice(
            N_("This server does not say what it offers."),
            N_("Its Remote IDs stand on its own page; type one of them."),
        ),
        status=409,
    ),
    Code("modbus_client_refused", event=N_("A Modbus client that is not allowed was refused")),
    Code("modbus_write_refused", event=N_("A Modbus client wanted to write, and was refused")),
    Code("modbus_write_passed", event=N_("A Modbus client wrote to a device on the bus")),
    Code(
        "modbus_server_kept",
        refusal=Advice(N_("The Modbus server can be switched off, not erased."), N_("Switch it off.")),
        status=422,
    ),
    Code(
        "network_wrong",
        refusal=Advice(N_("This is neither an address nor a network."), N_("Such as 192.168.1.20 or 192.168.1.0/24.")),
    ),
    Code(
        "bus_units_wrong",
        refusal=Advice(N_("These are no addresses on the bus."), N_("From 1 to 245, such as 1-20,31.")),
    ),
    Code(
        "ocpp_port_unfit",
        event=N_("The OCPP server cannot listen at its port"),
        trouble=Advice(
            N_("The OCPP server cannot listen at its port."),
            N_("End the program that uses it, or choose another port and an address of this machine."),
        ),
    ),
    Code(
        "ocpp_without_tls",
        event=N_("The OCPP server has no certificate"),
        trouble=Advice(
            N_("The OCPP server has no certificate, as this server runs without HTTPS."),
            N_("Start it with --https, or switch the encryption of the OCPP server off."),
        ),
    ),
    Code(
        "station_away",
        trouble=Advice(
            N_("The charging station has not called in."),
            N_("Type the address of this server and the password into the station; both stand on the OCPP page."),
        ),
    ),
    Code("ocpp_client_refused", event=N_("Somebody who called the OCPP server was refused")),
    Code("ocpp_station_came", event=N_("A charging station called in")),
    Code("ocpp_station_left", event=N_("A charging station hung up")),
    Code("ocpp_station_fault", event=N_("A charging station reports a fault")),
    Code("ocpp_password_set", event=N_("A charging station was given a new password")),
    Code(
        "ocpp_station_unknown",
        refusal=Advice(
            N_("No gateway leads to a charging station of this name."), N_("Add one with the address ocpp://NAME.")
        ),
        status=404,
    ),
    Code(
        "ocpp_server_kept",
        refusal=Advice(N_("The OCPP server can be switched off, not erased."), N_("Switch it off.")),
        status=422,
    ),
    Code(
        "badge_wrong",
        refusal=Advice(N_("This is no number of a badge."), N_("1 to 36 letters, digits or signs, without spaces.")),
    ),
)
