"""Editing the installation: every rule that can be broken, by the code of its fault."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

_SMALLER = N_("Send less at once.")
_AGAIN = N_("Load the page again, and repeat what you did.")

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "bad_request": Advice(N_("The server does not understand this request."), _AGAIN),
        "method_not_allowed": Advice(N_("This cannot be done here."), _AGAIN),
        "timeout": Advice(N_("The request came in too slowly."), _AGAIN),
        "too_large": Advice(N_("This is too large."), _SMALLER),
        "too_long": Advice(N_("This span is too long."), N_("Choose a shorter one.")),
        "https_only": Advice(N_("The server speaks HTTPS only."), N_("Begin the address of the page with https://.")),
        "unknown_host": Advice(
            N_("The server does not know this name as its own."),
            N_("Use its address, or name it among the hosts in its settings."),
        ),
        "bad_host": Advice(N_("The server does not know this name as its own."), N_("Use its address.")),
        "store_closed": Advice(N_("The server is just being stopped."), N_("Try again in a few seconds.")),
        "medium_full": Advice(N_("The medium is full."), N_("Make room on it, or use a larger one.")),
        "backup_busy": Advice(N_("A backup is being made already."), N_("Wait until it is done.")),
        "backup_damaged": Advice(N_("The backup is damaged or not one of this program."), N_("Choose another one.")),
        "url_invalid": Advice(N_("The address of the gateway is not complete."), N_("Check host, port and speed.")),
        "missing": Advice(N_("This is missing."), N_("Fill this in.")),
        "type_wrong": Advice(N_("This has the wrong form."), N_("Look at the example beside the field.")),
        "value_wrong": Advice(N_("This value cannot be used."), N_("Choose another one.")),
        "choice_unknown": Advice(N_("This choice does not exist."), N_("Choose one of the list.")),
        "key_unknown": Advice(N_("The server does not know this field."), N_("Load the page again.")),
        "key_fixed": Advice(N_("This cannot be changed."), N_("It is given by the server.")),
        "config_invalid": Advice(N_("The file has a mistake."), N_("Mend the place that is named, and try again.")),
        "id_taken": Advice(N_("Two entries have the same number."), N_("Give each its own, or none.")),
        "id_reserved": Advice(N_("This number is never given."), N_("Choose another one.")),
        "ids_exhausted": Advice(N_("All numbers were given."), N_("Numbers are never used again; ask for help.")),
        "not_found": Advice(N_("This is not there any more."), N_("Load the page again.")),
        "name_missing": Advice(N_("The name is missing."), N_("Give it a name.")),
        "name_taken": Advice(N_("This name is taken."), N_("Names are unique: choose another one.")),
        "name_too_long": Advice(N_("This text is too long."), N_("Shorten it.")),
        "name_unprintable": Advice(
            N_("This text holds signs that nobody can see."), N_("Type it anew instead of pasting it.")
        ),
        "language_unknown": Advice(N_("This language is not known."), N_("Choose one of the list.")),
        "zone_unknown": Advice(N_("This time zone is not known."), N_("Choose one such as Europe/Paris.")),
        "currency_unknown": Advice(N_("This currency is not known."), N_("Three letters, such as EUR.")),
        "scheme_unknown": Advice(
            N_("The kind of gateway is not known."), N_("The address begins with tcp://, rtutcp:// or rtu://.")
        ),
        "url_wrong": Advice(N_("This address cannot be used."), N_("Check host, port and speed.")),
        "port_wrong": Advice(N_("This is no serial port."), N_("Such as /dev/ttyUSB0.")),
        "board_unknown": Advice(N_("This panel board is not there any more."), N_("Choose another one, or none.")),
        "gateway_unknown": Advice(N_("This gateway is not there any more."), N_("Choose another one.")),
        "load_unknown": Advice(N_("This load is not there any more."), N_("Choose another one, or none.")),
        "group_unknown": Advice(N_("This measure group is not there any more."), N_("Choose another one, or none.")),
        "reference_unknown": Advice(
            N_("What this refers to is not there any more."), N_("Choose another one, or none.")
        ),
        "in_use": Advice(N_("Something else still refers to this."), N_("Change or erase that first.")),
        "gateway_has_devices": Advice(
            N_("Devices are still behind this gateway."), N_("Erase them or move them to another gateway first.")
        ),
        "local_kept": Advice(N_("The Local gateway is never erased."), N_("Switch it off instead.")),
        "local_fixed": Advice(
            N_("The address of the Local gateway is fixed."), N_("Its serial port is among the Modbus settings.")
        ),
        "local_doubled": Advice(N_("There is a Local gateway already."), N_("One is the most.")),
        "local_missing": Advice(
            N_("This edition has no serial port of its own."), N_("Choose another edition to use one.")
        ),
        "edition_without_local": Advice(
            N_("This edition has no Local gateway, and yours has devices."), N_("Erase its devices or move them first.")
        ),
        "edition_full": Advice(
            N_("The edition takes no more addresses."), N_("Erase a device, or choose a larger edition.")
        ),
        "edition_without_eq": Advice(
            N_("This edition does not check the quality of energy."),
            N_("Leave the EQ device out, or choose another edition."),
        ),
        "eq_device_elsewhere": Advice(
            N_("The EQ device is behind another gateway."), N_("Choose one of this gateway.")
        ),
        "eq_device_without_thd": Advice(N_("This device does not measure THD."), N_("Choose one that does.")),
        "load_predefined": Advice(N_("A predefined load is never erased."), N_("Disable it instead.")),
        "predefined_doubled": Advice(N_("This predefined load is there already."), N_("Use the one that is there.")),
        "loads_too_many": Advice(N_("There are eight loads of your own already."), N_("Erase one that is not needed.")),
        "groups_too_many": Advice(N_("A device is in five measure groups at most."), N_("Leave one of them out.")),
        "address_taken": Advice(
            N_("Another device of this gateway has this address."), N_("Give each device on a bus its own address.")
        ),
        "model_other": Advice(
            N_("This catalogue number belongs to another model."), N_("Choose the model that goes with the number.")
        ),
        "model_unknown": Advice(
            N_("There is no such model."), N_("Choose a model from the catalogue for this device.")
        ),
        "number_unknown": Advice(N_("This catalogue number is not known."), N_("Choose one of the catalogue.")),
        "parameter_wrong": Advice(
            N_("This setting of the device cannot be used."), N_("Look into the document of its maker.")
        ),
        "unit_range": Advice(
            N_("This is no Modbus address."),
            N_("1 to 247; 0 and 255 too for a device that is reached by itself over TCP."),
        ),
        "interface_range": Advice(
            N_("This address of an EMS interface cannot be used."),
            N_("Check the address of the device and of its interface."),
        ),
        "position_missing": Advice(
            N_("The input of the concentrator is missing or does not exist."),
            N_("Say to which input the meter is wired."),
        ),
        "position_unasked": Advice(N_("This device has no position."), N_("Leave it out.")),
        "side_missing": Advice(N_("This station has two sides."), N_("Choose left or right.")),
        "side_unasked": Advice(N_("This device has only one side."), N_("Leave it out.")),
        "phase_missing": Advice(N_("This station is single-phase."), N_("Say to which phase it is connected.")),
        "phase_unasked": Advice(N_("This device is on all phases."), N_("Leave the phase out.")),
        "function_doubled": Advice(
            N_("Another module of this address does the same."),
            N_("Modules that share an address do different things."),
        ),
        "undo_empty": Advice(N_("There is no change that could be taken back."), N_("Change something first.")),
        "undo_unfit": Advice(
            N_("The last change cannot be taken back any more."),
            N_("Something else was changed since; change it back by hand."),
        ),
        "scan_unfit": Advice(
            N_("Devices behind this gateway speak by themselves."), N_("Add them by hand, with the address they bear.")
        ),
        "model_elsewhere": Advice(
            N_("This model speaks otherwise than its gateway."), N_("Choose another model, or another gateway.")
        ),
        "scan_busy": Advice(N_("Another search is at work."), N_("Wait until it is done, or end it.")),
        "units_wrong": Advice(N_("These addresses cannot be searched."), N_("Write them like 1-20,31.")),
        "round_long": Advice(
            N_("One pass over the devices of this bus takes more than 30 seconds."),
            N_("Spread them over several gateways, or raise the speed of the bus."),
        ),
        "tariffs_too_many": Advice(
            N_("There are five tariffs of this kind already."), N_("Erase one that is not needed.")
        ),
        "prices_too_many": Advice(N_("A tariff has five prices at most."), N_("Erase an old one.")),
        "price_undated": Advice(N_("Only one price needs no date."), N_("Say from which day the others hold.")),
        "price_doubled": Advice(N_("Two prices hold from the same day on."), N_("Give each its own day.")),
        "tariff_unknown": Advice(N_("This tariff is not there any more."), N_("Choose another one.")),
        "rules_too_many": Advice(
            N_("There are too many cost rules of this kind."), N_("Erase one that is not needed.")
        ),
        "default_taken": Advice(N_("There is a default rule of this kind already."), N_("One is the most.")),
        "default_conditional": Advice(
            N_("A default rule is always true."), N_("It may have a last day, nothing else.")
        ),
        "repeat_undated": Advice(
            N_("What is repeated every year needs a date or a period."), N_("Give it a first and a last day.")
        ),
        "rule_ends_early": Advice(N_("The rule ends before it begins."), N_("Choose a later last day.")),
    }
)
