"""The page of a meter with téléinfo."""

from __future__ import annotations

import datetime
from dataclasses import replace
from types import SimpleNamespace

import pytest

from drivers.teleinfo.models import make_historique, make_standard
from runtime.core.clock.timegrid import local
from runtime.core.map.normalise import DeviceSettings
from runtime.core.tic.telegram import pack, read_telegram
from runtime.store.env import Store
from runtime.store.history import Recorded
from tests.tic import HOURS, LINKY, TEMPO, content
from tests.webui.stage import Stage, stage
from webui.model.consumption.registers import RegisterReader


def says(site: Stage, typed: str, *, mode: str = "historique", **changes: str) -> str:
    """The page after a telegram of device 1."""
    decoder = (make_historique if mode == "historique" else make_standard)({}).decoder
    values = decoder.blank()
    decoder.apply(0, pack(read_telegram(content(typed))), values, DeviceSettings())
    for quantity, value in changes.items():
        values[decoder.quantities.index(quantity)] = value
    site.publishes(1, quantities=decoder.quantities, values_n=tuple(values))
    return site.get("/devices/1/teleinfo").text


@pytest.fixture
def site(store: Store) -> Stage:
    return stage(store)


def test_the_page_of_the_device_leads_to_it_only_where_there_are_registers(site: Stage) -> None:
    assert 'href="/devices/1/teleinfo"' not in site.get("/devices/1").text
    assert site.get("/devices/1/teleinfo").status == 404
    says(site, HOURS)
    assert 'href="/devices/1/teleinfo"' in site.get("/devices/1").text


def test_values_period_and_registers_are_shown_and_the_one_that_counts_is_marked(site: Stage) -> None:
    page = says(site, HOURS)
    assert "050022120078" in page and "<b>480</b> VA" in page
    assert "Colour of today" not in page  # a contract without colours
    assert '<span class="tariff peak">Peak hours</span>' in page and '<span class="tariff off_peak">' in page
    assert page.count('<tr class="active">') == 1 and page.count("counts now") == 1


def test_tempo_has_six_registers_and_the_colour_of_tomorrow(site: Stage) -> None:
    page = says(site, TEMPO)
    for period in ("blue_off_peak", "blue_peak", "white_off_peak", "white_peak", "red_off_peak", "red_peak"):
        assert f'<span class="tariff {period}">' in page
    assert '<dt>Colour of tomorrow</dt><dd><span class="tariff red">Red</span>' in page


def test_a_contract_that_nobody_knows_by_name_has_numbered_registers(site: Stage) -> None:
    page = says(site, LINKY, mode="standard")
    assert "Register 1</span> <small" in page and "Register 3" in page and "Register 4" not in page
    assert "HEURE" in says(site, LINKY, mode="standard", tariff_name="HEURE CREUSE")


def test_what_is_too_much_is_an_alert(site: Stage) -> None:
    assert "More is taken than is subscribed" not in says(site, LINKY, mode="standard")
    assert "More is taken than is subscribed" in says(site, LINKY, mode="standard", overrun=1)


def test_energy_and_cost_of_all_registers_are_those_of_the_device(site: Stage) -> None:
    page = says(site, HOURS)
    assert "All registers" in page
    part = site.get("/live/devices/1/teleinfo/energy")
    assert part.status == 200 and "All registers" in part.text and "<html" not in part.text


def test_the_part_that_lives_is_only_sent_when_it_changed(site: Stage) -> None:
    says(site, HOURS)
    first = site.get("/live/devices/1/teleinfo")
    assert site.get("/live/devices/1/teleinfo", IF_NONE_MATCH=first.headers["Etag"]).status == 304


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_it_speaks_every_language(site: Stage, language: str) -> None:
    says(site, TEMPO)
    assert site.get("/devices/1/teleinfo", ACCEPT_LANGUAGE=language).status == 200


def test_the_highest_of_a_year_is_that_of_its_months_and_months_that_are_over_are_read_once(site: Stage) -> None:
    says(site, HOURS)
    view, today = site.bridge.device(1), datetime.date(2026, 3, 11)
    assert view is not None
    asked = []
    highest = {1: 300, 2: 900, 3: 500}

    def samples(device: int, quantity: str, start_ts: int, end_ts: int) -> list[Recorded]:
        month = local(start_ts, site.bridge.zone).month
        asked.append(month)
        return [Recorded(start_ts, end_ts, {"max": highest[month]}, 0)]

    reader = RegisterReader(replace(site.bridge, history=SimpleNamespace(samples=samples)))  # type: ignore[arg-type]
    assert reader.maxima(view, today)["current_l1_a"] == (500, 500, 900)
    assert reader.maxima(view, today)["current_l1_a"] == (500, 500, 900)
    assert asked.count(1) == asked.count(2) == 2  # once for the power, once for the current
