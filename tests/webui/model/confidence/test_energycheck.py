"""What a device is billed by, and what a counter's index is made of."""

from __future__ import annotations

from fractions import Fraction

from runtime.core.energy.ledger import LedgerState
from runtime.core.view import DeviceView
from webui.model.confidence.energycheck import CounterIndex, main_counter, ratio_of

IMPORT, EXPORT = "active_energy_import_wh", "active_energy_export_wh"


def view(*quantities: str, values_n: tuple[int | None, ...] = ()) -> DeviceView:
    values = values_n or (5,) * len(quantities)
    return DeviceView(1, "x", 1, "on", quantities, values, (1000,) * len(quantities), (0,) * len(quantities))


def test_a_device_is_billed_by_what_it_takes_else_by_what_it_counts():
    assert main_counter(view("voltage_l1_v", EXPORT, IMPORT)) == IMPORT
    assert main_counter(view("voltage_l1_v", EXPORT)) == EXPORT
    assert main_counter(view("water_dm3")) == "water_dm3"
    assert main_counter(view("pulses", "breaker_state")) == main_counter(view()) == ""


def test_an_index_is_its_beginning_its_jumps_and_what_was_booked():
    one = CounterIndex(IMPORT, 1250, 7, LedgerState(6, 1200, 900, 0, 800), shifts_n=-500)
    assert (one.begun_n, one.pending_n) == (800, 50)
    assert one.begun_n + one.shifts_n + 900 + one.pending_n == 1250
    assert CounterIndex(IMPORT, 1250, 7, None, 0).begun_n is CounterIndex(IMPORT, None, 0, None, 0).pending_n is None


def test_the_ratio_is_the_one_that_the_meter_names():
    assert ratio_of(view(IMPORT, "ct_ratio", values_n=(5, 4000))) == Fraction(40)
    assert ratio_of(view(IMPORT)) is ratio_of(view("ct_ratio", values_n=(None,))) is ratio_of(None) is None
