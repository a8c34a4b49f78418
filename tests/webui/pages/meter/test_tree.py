"""The page of the meter tree, and what a device's settings say of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.store.env import Store
from tests.webui.stage import Stage, stage


@pytest.fixture
def site(store: Store) -> Stage:
    """2 is below 1; both count."""
    made = stage(store)
    first, second, third = made.installation.devices
    made.installation = replace(made.installation, devices=(first, replace(second, above=1), third))
    for id, power_n in ((1, 50_000), (2, 20_000), (3, 5_000)):
        made.publishes(id, quantities=("active_power_w",), values_n=(power_n,))
    return made


def test_the_page_shows_what_no_meter_below_measures(site: Stage) -> None:
    page = site.get("/meters").text
    first = page[page.index('data-meter="1"') : page.index('data-meter="2"')]
    assert "5.00 kW" in first and "2.00 kW" in first and "3.00 kW" in first
    assert page.index('data-meter="2"') < page.index('data-meter="3"') and 'class="depth-1"' in page
    assert site.get("/live/meters").text.strip() in page


def test_a_device_that_is_counted_twice_is_offered_to_be_left_out_of_totals(site: Stage) -> None:
    second = site.installation.devices[1]
    words = f"{second.name} is counted twice."
    assert words in site.get("/meters").text and words in site.get("/setup/devices/2").text
    assert words not in site.get("/setup/devices/1").text
    site.installation = replace(
        site.installation,
        devices=tuple(replace(each, excluded=each.id == 2) for each in site.installation.devices),
    )
    assert words not in site.get("/meters").text and words not in site.get("/setup/devices/2").text


def test_a_device_can_be_below_any_other_of_its_kind_but_those_below_it(site: Stage) -> None:
    page = site.get("/setup/devices/1").text
    choices = page[page.index('name="above"') :]
    choices = choices[: choices.index("</select>")]
    assert 'value="3"' in choices and 'value="2"' not in choices and 'value="1"' not in choices
