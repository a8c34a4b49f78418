"""A device that is another model than configured is found out by its identification registers, and told."""

from dataclasses import replace

import pytest

from runtime.store.env import open_store
from runtime.store.object.site import installation_of, save_installation
from tests.spec.workshop import workshop


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        yield played


def configure(shop, name, **changes):
    store = open_store(shop.data)
    site = installation_of(store)
    devices = tuple(replace(device, **changes) if device.name == name else device for device in site.devices)
    save_installation(store, replace(site, devices=devices))
    store.close()


def test_a_socomec_behind_the_number_of_another_maker_is_told_on_its_page_and_in_the_history(shop):
    configure(shop, "Compressor", model="eastron-sdm630")
    shop.start()
    error = shop.eventually(lambda: (e := shop.device("Compressor")["error"]) and e["code"] == "model_other" and e)
    assert error["message"].startswith("answers like Socomec")
    told = shop.eventually(lambda: shop.get(f"/events?subject=device.{shop.id_of('Compressor')}"))
    assert "model_other" in [event["code"] for event in told]


def test_a_three_phase_meter_that_is_read_as_one_phase_is_told_and_read_on(shop):
    configure(shop, "Saws", model="eastron-sdm120")
    shop.start()
    error = shop.eventually(lambda: (e := shop.device("Saws")["error"]) and e["code"] == "model_other" and e)
    assert "more than the one phase" in error["message"] and "SDM630" in error["message"]
    assert shop.device("Saws")["readings"]["voltage_l1_v"]["quality"] == "good"


def test_the_right_model_is_not_doubted(shop):
    shop.start()
    shop.eventually(lambda: all(device["state"] == "on" for device in shop.get("/live")["devices"]))
    assert not any(device.get("error") for device in shop.get("/live")["devices"])
