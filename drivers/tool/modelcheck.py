"""Asks a device what it is, where devices of any known kind name themselves. Reads only."""

from __future__ import annotations

from collections.abc import Collection

from drivers.line import Line
from runtime.core.identity.modelcheck import Enquiry, Verdict
from runtime.core.identity.phases import phase_probes
from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.request import READ_FUNCTIONS, Request
from runtime.errors import BadAnswer, NoAnswer, Refused

TIMEOUT_S = 1.0


def check_model(line: Line, configured: DeviceMap, maps: Collection[DeviceMap], unit: int) -> Verdict:
    """Whether the device at ``unit`` names itself as the model that is configured.

    line    may be open or not; it stays open
    maps    all kinds of devices that it could be
    raises  LinkDown when nothing can be reached that way
    """
    enquiry = Enquiry(configured, maps, phase_probes(configured, maps))
    while place := enquiry.next():
        space, at, words = place
        if not line.is_open:
            line.open()
        try:
            enquiry.take(line.transact(Request(unit, READ_FUNCTIONS[space], at, words), TIMEOUT_S))
        except (Refused, BadAnswer):
            enquiry.take(None)
        except NoAnswer:
            enquiry.take(None, is_silent=True)
    return enquiry.verdict()
