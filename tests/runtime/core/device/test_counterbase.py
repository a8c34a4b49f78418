from dataclasses import replace

import pytest

from runtime.core.device.counterbase import base_of
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.site.installation import DeviceSpec

WH = "active_energy_import_wh"
SPEC = DeviceSpec(1, "Main", 1, 3, "generic-modbus-meter", parameters={"factor": 1, "rated_current_a": 16})
FACTS = {WH: CounterFacts(row="holding 0x0048 u32 x1")}


@pytest.mark.parametrize(
    "edit",
    [{"gateway": 2}, {"unit": 4}, {"model": "abb-b23"}, {"supply": "downstream"}, {"parameters": {"factor": 10}}],
)
def test_what_an_index_depends_on_is_part_of_it(edit):
    assert base_of(replace(SPEC, **edit), FACTS) != base_of(SPEC, FACTS)


@pytest.mark.parametrize("edit", [{"name": "Mains"}, {"parameters": {"factor": 1, "rated_current_a": 63}}])
def test_what_it_does_not_depend_on_is_not(edit):
    assert base_of(replace(SPEC, **edit), FACTS) == base_of(SPEC, FACTS)


def test_the_row_of_its_map_is():
    assert base_of(SPEC, {WH: CounterFacts(row="holding 0x0048 u32 x10")}) != base_of(SPEC, FACTS)
