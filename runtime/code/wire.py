"""Lines, gateways and answers: what goes wrong between the server and a device."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

_AGAIN = N_("It is tried again by itself; if it stays, restart the device.")
_CABLE = N_(
    "Check that the gateway is powered and its network cable plugged in, and that its address and port are right."
)
_MODEL = N_("Check that the model chosen for this device is the one on its label.")
_NOISE = N_(
    "Check the bus: shield, termination at both ends, polarity, and that no two devices have the same Modbus address."
)
_WIRE = N_(
    "Check the device's power, the two bus wires and their polarity, and that its Modbus address and speed are right."
)
_EXPLAINED = (1, 2, 3, 4, 5, 6, 8, 10, 11)  # Modbus exceptions that the protocol names

CODES = (
    Code(
        "write_not_permitted",
        refusal=Advice(
            N_("Nothing is written to this device."),
            N_("Start a trial of the device, or have its register table confirmed."),
        ),
        status=503,
    ),
    Code("request_invalid", refusal=Advice(N_("The device cannot be asked like this."), _MODEL), status=503),
    Code(
        "gateway_off",
        refusal=Advice(N_("The gateway is switched off, or just being started."), N_("Switch the gateway on.")),
        status=409,
    ),
    Code("link_refused", trouble=Advice(N_("The gateway refuses the connection."), _CABLE), status=503),
    Code("link_lost", trouble=Advice(N_("The connection to the gateway broke."), _CABLE), status=503),
    Code("link_timeout", trouble=Advice(N_("The gateway cannot be reached."), _CABLE), status=503),
    Code(
        "link_unknown",
        trouble=Advice(
            N_("The name of the gateway is not known in the network."),
            N_("Check the name and the DNS, or use the address."),
        ),
        status=503,
    ),
    Code(
        "machine_short",
        trouble=Advice(
            N_("The machine may open no more connections."),
            N_("Allow the server more open files: LimitNOFILE of its service."),
        ),
        status=503,
    ),
    Code(
        "host_full",
        trouble=Advice(
            N_("There are enough connections to this host."),
            N_("Reach its devices over fewer gateways, or allow more connections to one host in the Modbus settings."),
        ),
        status=503,
    ),
    Code("link_unreachable", trouble=Advice(N_("There is no way to the gateway."), _CABLE), status=503),
    Code(
        "link_closed",
        trouble=Advice(N_("The connection to the gateway was closed."), N_("It is opened again by itself.")),
        status=503,
    ),
    Code("link_babbles", trouble=Advice(N_("The bus never falls silent."), _NOISE), status=503),
    Code(
        "port_denied",
        trouble=Advice(
            N_("The server may not use the serial port."), N_("Add its user to the port's group, mostly dialout.")
        ),
        status=503,
    ),
    Code(
        "port_unfit",
        trouble=Advice(
            N_("The serial port does not take these settings."), N_("Check speed, parity and stop bits of the gateway.")
        ),
        status=503,
    ),
    Code(
        "port_missing",
        trouble=Advice(
            N_("The serial port is not there."),
            N_("Plug the adapter in, or correct the port in the gateway's address."),
        ),
        status=503,
    ),
    Code(
        "port_busy",
        trouble=Advice(
            N_("Another program uses the serial port."), N_("Stop the other program, or choose another port.")
        ),
        status=503,
    ),
    Code("no_answer", trouble=Advice(N_("The device does not answer."), _WIRE), status=503),
    Code(
        "frame_silent",
        trouble=Advice(
            N_("Nothing is heard from the device."),
            N_("Check the device's power, its wire to the gateway, and that its address is right."),
        ),
        status=503,
    ),
    Code(
        "frame_damaged",
        trouble=Advice(N_("Frames arrive damaged."), N_("Check the wire to the gateway, and its speed and parity.")),
        status=503,
    ),
    Code("exception_1", trouble=Advice(N_("The device does not know this kind of request."), _MODEL), status=503),
    Code(
        "exception_2",
        trouble=Advice(N_("The device does not have the registers that were asked for."), _MODEL),
        status=503,
    ),
    Code("exception_3", trouble=Advice(N_("The device refuses the size of the request."), _MODEL), status=503),
    Code("exception_4", trouble=Advice(N_("The device reports a failure of its own."), _AGAIN), status=503),
    Code("exception_5", trouble=Advice(N_("The device needs more time for the request."), _AGAIN), status=503),
    Code("exception_6", trouble=Advice(N_("The device is busy."), _AGAIN), status=503),
    Code("exception_8", trouble=Advice(N_("The device reports an error in its memory."), _AGAIN), status=503),
    Code("exception_10", trouble=Advice(N_("The gateway has no way to the device."), _WIRE), status=503),
    Code("exception_11", trouble=Advice(N_("The device behind the gateway does not answer."), _WIRE), status=503),
    Code(
        "address_doubled",
        event=N_("Two devices seem to have the same Modbus address"),
        trouble=Advice(
            N_("Two devices seem to have the same Modbus address."),
            N_("Give one of them another address; the other devices of this bus answer well."),
        ),
        status=503,
    ),
    Code("bad_crc", trouble=Advice(N_("Answers arrive damaged."), _NOISE), status=503),
    Code("bad_unit", trouble=Advice(N_("Another device answers in its place."), _NOISE), status=503),
    Code("bad_function", trouble=Advice(N_("The answer does not belong to the request."), _NOISE), status=503),
    Code("bad_count", trouble=Advice(N_("The answer has the wrong length."), _NOISE), status=503),
    Code(
        "bad_transaction",
        trouble=Advice(
            N_("The gateway mixes up its answers."),
            N_("Give the gateway a longer time-out, or fewer masters that ask it."),
        ),
        status=503,
    ),
    Code(
        "transaction_ignored",
        trouble=Advice(
            N_("The gateway does not repeat the number of the request."),
            N_("Add transactions=any to its address if nobody else asks there."),
        ),
        status=503,
    ),
    Code(
        "bad_frame",
        trouble=Advice(
            N_("The answer is not Modbus."), N_("Check that the address and the kind of gateway are right.")
        ),
        status=503,
    ),
    Code("communication_error", event=N_("Communication lost")),
    Code("communication_restored", event=N_("Communication is back")),
    *(Code(f"exception_{number}", status=503) for number in range(1, 256) if number not in _EXPLAINED),
)
