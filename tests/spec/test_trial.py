"""Testing a gateway or a device from outside: asked now, ahead of polling, with what is wrong when something is."""

import pytest

from tests.spec.workshop import workshop


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        played.start()
        played.eventually(lambda: played.device("Saws")["state"] == "on")
        yield played


def post(shop, path):
    return shop.ask(path, "POST", timeout_s=20)


def test_a_device_tells_now_what_its_page_shows(shop):
    answer = post(shop, f"/devices/{shop.id_of('Saws')}/test")
    live = shop.device("Saws")["readings"]
    assert answer["ok"] and set(answer["readings"]) == set(live)
    assert answer["readings"]["frequency_hz"]["value"] == pytest.approx(live["frequency_hz"]["value"], abs=0.5)


def test_a_silent_device_is_told_while_its_gateway_still_works(shop):
    shop.outside.fault("Hall", "silent", 1)
    assert post(shop, f"/devices/{shop.id_of('Saws')}/test")["error"]["code"] == "no_answer"
    gateway = post(shop, "/gateways/2/test")
    assert gateway["ok"] and [each["ok"] for each in gateway["devices"]] == [False, True]


def test_a_gateway_that_was_unplugged_is_told(shop):
    shop.outside.fault("Hall", "unplugged")
    answer = post(shop, "/gateways/2/test")
    assert not answer["ok"] and answer["error"]["code"].startswith("link_")
