"""Editing the installation: every rule that can be broken, by the code of its fault."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "url_invalid",
        refusal=Advice(N_("The address of the gateway is not complete."), N_("Check host, port and speed.")),
    ),
    Code("missing", refusal=Advice(N_("This is missing."), N_("Fill this in."))),
    Code("type_wrong", refusal=Advice(N_("This has the wrong form."), N_("Look at the example beside the field."))),
    Code("value_wrong", refusal=Advice(N_("This value cannot be used."), N_("Choose another one."))),
    Code("choice_unknown", refusal=Advice(N_("This choice does not exist."), N_("Choose one of the list."))),
    Code("key_unknown", refusal=Advice(N_("The server does not know this field."), N_("Load the page again."))),
    Code("key_fixed", refusal=Advice(N_("This cannot be changed."), N_("It is given by the server."))),
    Code(
        "config_invalid",
        refusal=Advice(N_("The file has a mistake."), N_("Mend the place that is named, and try again.")),
    ),
    Code("id_taken", refusal=Advice(N_("Two entries have the same number."), N_("Give each its own, or none."))),
    Code("id_reserved", refusal=Advice(N_("This number is never given."), N_("Choose another one."))),
    Code(
        "ids_exhausted",
        refusal=Advice(N_("All numbers were given."), N_("Numbers are never used again; ask for help.")),
    ),
    Code("name_missing", refusal=Advice(N_("The name is missing."), N_("Give it a name."))),
    Code("name_taken", refusal=Advice(N_("This name is taken."), N_("Names are unique: choose another one."))),
    Code("name_too_long", refusal=Advice(N_("This text is too long."), N_("Shorten it."))),
    Code(
        "name_unprintable",
        refusal=Advice(N_("This text holds signs that nobody can see."), N_("Type it anew instead of pasting it.")),
    ),
    Code("language_unknown", refusal=Advice(N_("This language is not known."), N_("Choose one of the list."))),
    Code("zone_unknown", refusal=Advice(N_("This time zone is not known."), N_("Choose one such as Europe/Paris."))),
    Code("currency_unknown", refusal=Advice(N_("This currency is not known."), N_("Choose one of the list."))),
    Code(
        "scheme_unknown",
        refusal=Advice(
            N_("The kind of gateway is not known."), N_("The address begins with tcp://, rtutcp:// or rtu://.")
        ),
    ),
    Code("url_wrong", refusal=Advice(N_("This address cannot be used."), N_("Check host, port and speed."))),
    Code(
        "gateway_port",
        refusal=Advice(N_("The port is a number from 1 to 65535."), N_("502 unless the gateway says otherwise.")),
    ),
    Code(
        "price_wrong",
        refusal=Advice(N_("A price cannot be used."), N_("A number such as 0.1742, and the day from which it holds.")),
    ),
    Code(
        "contract_doubled",
        refusal=Advice(
            N_("Another supply contract of this meter begins on the same day."), N_("Change that one, or its day.")
        ),
    ),
    Code("port_wrong", refusal=Advice(N_("This is no serial port."), N_("Such as /dev/ttyUSB0."))),
    Code(
        "board_unknown",
        refusal=Advice(N_("This panel board is not there any more."), N_("Choose another one, or none.")),
    ),
    Code("gateway_unknown", refusal=Advice(N_("This gateway is not there any more."), N_("Choose another one."))),
    Code("load_unknown", refusal=Advice(N_("This load is not there any more."), N_("Choose another one, or none."))),
    Code(
        "group_unknown",
        refusal=Advice(N_("This measure group is not there any more."), N_("Choose another one, or none.")),
    ),
    Code(
        "reference_unknown",
        refusal=Advice(N_("What this refers to is not there any more."), N_("Choose another one, or none.")),
    ),
    Code("in_use", refusal=Advice(N_("Something else still refers to this."), N_("Change or erase that first."))),
    Code(
        "gateway_has_devices",
        refusal=Advice(
            N_("Devices are still behind this gateway."), N_("Erase them or move them to another gateway first.")
        ),
    ),
    Code("local_kept", refusal=Advice(N_("The Local gateway is never erased."), N_("Switch it off instead."))),
    Code(
        "local_fixed",
        refusal=Advice(
            N_("The address of the Local gateway is fixed."), N_("Its serial port is among the Modbus settings.")
        ),
    ),
    Code("local_doubled", refusal=Advice(N_("There is a Local gateway already."), N_("One is the most."))),
    Code(
        "local_missing",
        refusal=Advice(N_("This edition has no serial port of its own."), N_("Choose another edition to use one.")),
    ),
    Code(
        "edition_without_local",
        refusal=Advice(
            N_("This edition has no Local gateway, and yours has devices."), N_("Erase its devices or move them first.")
        ),
    ),
    Code(
        "edition_full",
        refusal=Advice(N_("The edition takes no more addresses."), N_("Erase a device, or choose a larger edition.")),
    ),
    Code(
        "edition_without_eq",
        refusal=Advice(
            N_("This edition does not check the quality of energy."),
            N_("Leave the EQ device out, or choose another edition."),
        ),
    ),
    Code(
        "eq_device_elsewhere",
        refusal=Advice(N_("The EQ device is behind another gateway."), N_("Choose one of this gateway.")),
    ),
    Code("eq_device_without_thd", refusal=Advice(N_("This device does not measure THD."), N_("Choose one that does."))),
    Code("load_predefined", refusal=Advice(N_("A predefined load is never erased."), N_("Disable it instead."))),
    Code(
        "predefined_doubled",
        refusal=Advice(N_("This predefined load is there already."), N_("Use the one that is there.")),
    ),
    Code(
        "loads_too_many",
        refusal=Advice(N_("There are eight loads of your own already."), N_("Erase one that is not needed.")),
    ),
    Code(
        "groups_too_many",
        refusal=Advice(N_("A device is in five measure groups at most."), N_("Leave one of them out.")),
    ),
    Code(
        "line_taken",
        refusal=Advice(
            N_("Another gateway has this address."),
            N_("Two lines to one gateway disturb each other: put the devices behind the gateway that is there."),
        ),
    ),
    Code(
        "address_taken",
        refusal=Advice(
            N_("Another device of this gateway has this address."), N_("Give each device on a bus its own address.")
        ),
    ),
    Code(
        "number_unknown", refusal=Advice(N_("This catalogue number is not known."), N_("Choose one of the catalogue."))
    ),
    Code(
        "parameter_wrong",
        refusal=Advice(N_("This setting of the device cannot be used."), N_("Look into the document of its maker.")),
    ),
    Code(
        "rating_wrong",
        refusal=Advice(
            N_("This is no rated current."), N_("Amperes of the breaker or fuse, such as 16; or leave it empty.")
        ),
    ),
    Code(
        "unit_range",
        refusal=Advice(
            N_("This is no Modbus address."),
            N_("1 to 247; 0 and 255 too for a device that is reached by itself over TCP."),
        ),
    ),
    Code(
        "interface_range",
        refusal=Advice(
            N_("This address of an EMS interface cannot be used."),
            N_("Check the address of the device and of its interface."),
        ),
    ),
    Code(
        "position_missing",
        refusal=Advice(
            N_("The input of the concentrator is missing or does not exist."),
            N_("Say to which input the meter is wired."),
        ),
    ),
    Code("position_unasked", refusal=Advice(N_("This device has no position."), N_("Leave it out."))),
    Code("side_missing", refusal=Advice(N_("This station has two sides."), N_("Choose left or right."))),
    Code("side_unasked", refusal=Advice(N_("This device has only one side."), N_("Leave it out."))),
    Code(
        "phase_missing", refusal=Advice(N_("This station is single-phase."), N_("Say to which phase it is connected."))
    ),
    Code("phase_unasked", refusal=Advice(N_("This device is on all phases."), N_("Leave the phase out."))),
    Code(
        "function_doubled",
        refusal=Advice(
            N_("Another module of this address does the same."),
            N_("Modules that share an address do different things."),
        ),
    ),
    Code(
        "undo_empty",
        refusal=Advice(N_("There is no change that could be taken back."), N_("Change something first.")),
        status=409,
        fault_status=409,
    ),
    Code(
        "undo_unfit",
        refusal=Advice(
            N_("The last change cannot be taken back any more."),
            N_("Something else was changed since; change it back by hand."),
        ),
        status=409,
        fault_status=409,
    ),
    Code(
        "scan_unfit",
        refusal=Advice(
            N_("Devices behind this gateway speak by themselves."), N_("Add them by hand, with the address they bear.")
        ),
        status=409,
    ),
    Code(
        "model_elsewhere",
        refusal=Advice(
            N_("This model speaks otherwise than its gateway."), N_("Choose another model, or another gateway.")
        ),
    ),
    Code(
        "scan_busy",
        refusal=Advice(N_("Another search is at work."), N_("Wait until it is done, or end it.")),
        status=409,
    ),
    Code("units_wrong", refusal=Advice(N_("These addresses cannot be searched."), N_("Write them like 1-20,31."))),
    Code(
        "round_long",
        refusal=Advice(
            N_("One pass over the devices of this bus takes more than 30 seconds."),
            N_("Spread them over several gateways, or raise the speed of the bus."),
        ),
    ),
    Code(
        "meter_loop",
        refusal=Advice(N_("This device would be above itself."), N_("Choose another meter above it, or none.")),
    ),
    Code(
        "version_stale",
        refusal=Advice(
            N_("Somebody else changed the installation meanwhile."), N_("Load the page again and repeat your change.")
        ),
        status=409,
        fault_status=409,
    ),
)
