"""The installation is edited while everything runs: what changed follows at once, the rest goes on undisturbed."""

import json
import os
import threading
from urllib.error import HTTPError

import pytest

from runtime.store.env import open_store
from runtime.store.object.audit import AuditTrail
from runtime.store.object.site import installation_of
from tests.spec.workshop import workshop

TS = 1_773_219_300
LAMPS = {"name": "Lamps", "gateway": 2, "unit": 2, "model": "legrand-412045"}


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=TS) as played:
        played.start()
        played.eventually(lambda: all(each["state"] == "on" for each in played.get("/live")["devices"]))
        yield played


def lives(shop):
    """Child -> its number of life."""
    return {child.name: child.incarnation for child in shop.server.root.supervisor.children()}


def polls(shop, gateway):
    return shop.get(f"/gateways/{gateway}")["polls"]


def refusal(call):
    with pytest.raises(HTTPError) as refused:
        call()
    return refused.value.code, json.load(refused.value)["error"]


def test_a_device_that_is_added_is_read_and_one_that_is_erased_is_not(shop):
    shop.ask(f"/devices/{shop.id_of('Lamps')}", "DELETE")
    assert "Lamps" not in [each["name"] for each in shop.get("/live")["devices"]]
    before = lives(shop)
    made = shop.ask("/devices", "POST", LAMPS)
    shop.eventually(lambda: shop.device("Lamps")["state"] == "on")
    assert made["id"] not in range(1, 5)
    after = lives(shop)
    assert {name for name in after if after[name] != before.get(name)} == {"gateway.2"}


def test_a_name_changes_everywhere_without_disturbing_anybody(shop):
    before, asked = lives(shop), polls(shop, 2)
    shop.ask(f"/devices/{shop.id_of('Saws')}", "PATCH", {"name": "Band saws", "load": None, "excluded": True})
    shop.ask("/gateways/2", "PATCH", {"name": "Hall 2", "description": "behind the yard"})
    shop.eventually(lambda: "Band saws" in [each["name"] for each in shop.get("/live")["devices"]])
    assert shop.device("Band saws")["state"] == "on"
    assert shop.get("/gateways/2")["name"] == "Hall 2"
    shop.eventually(lambda: polls(shop, 2) > asked)
    assert lives(shop) == before


def test_a_gateway_that_is_switched_off_turns_its_devices_off(shop):
    shop.ask("/gateways/2", "PATCH", {"on": False})
    shop.eventually(lambda: (shop.device("Saws")["state"], shop.device("Main")["state"]) == ("off", "on"))
    shop.ask("/gateways/2", "PATCH", {"on": True})
    shop.eventually(lambda: shop.device("Saws")["state"] == "on")


def test_a_gateway_that_cannot_be_reached_can_be_mended(shop):
    port = shop.get("/gateways/2")["url"].rpartition(":")[2]
    shop.ask("/gateways/2", "PATCH", {"url": "tcp://127.0.0.1:9"})
    shop.eventually(lambda: shop.device("Saws")["state"] == "communication_error")
    shop.ask("/gateways/2", "PATCH", {"url": f"127.0.0.1:{port}"})
    shop.eventually(lambda: shop.device("Saws")["state"] == "on")


def test_a_device_without_a_model_is_shown_as_a_configuration_error(shop):
    shop.ask(f"/devices/{shop.id_of('Lamps')}", "PATCH", {"model": ""})
    shop.eventually(lambda: shop.device("Lamps")["state"] == "configuration_error")
    shop.stop()
    shop.start()
    shop.eventually(lambda: shop.device("Lamps")["state"] == "configuration_error")


def test_many_editors_at_once_all_get_through(shop):
    failed = []

    def edit(number):
        for turn in range(5):
            try:
                shop.ask("/loads", "POST", {"name": f"{number}.{turn}"}) if turn == 0 and number < 6 else shop.ask(
                    f"/devices/{number % 4 + 1}", "PATCH", {"exclude_alerts": bool(turn % 2)}
                )
            except HTTPError as error:
                failed.append((number, turn, json.load(error)))

    before = shop.server.installation.version
    threads = [threading.Thread(target=edit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    site = shop.server.installation
    assert site.version > before
    trail = AuditTrail(shop.server.store).entries(100)
    assert [entry.version for entry in trail] == sorted({entry.version for entry in trail}, reverse=True)
    assert {f"{number}.0" for number in range(4)} <= {load.name for load in site.loads}


def test_an_undo_works_after_a_restart(shop):
    shop.ask(f"/devices/{shop.id_of('Lamps')}", "DELETE")
    shop.stop()
    shop.start()
    undone = shop.eventually(lambda: shop.ask_a_starting_one("/undo", {}))
    assert undone["entry"]["changes"][0]["name"] == "Lamps"
    shop.eventually(lambda: shop.device("Lamps")["state"] == "on")
    assert shop.get("/devices")[-1]["id"] == shop.id_of("Lamps")


def test_a_storm_of_edits_leaves_no_thread_and_no_file_behind(shop):
    def held():
        return threading.active_count(), len(os.listdir("/proc/self/fd"))

    def edit(turn):
        saws = {"unit": 1, "supply": ("upstream", "downstream")[turn % 2]}
        shop.ask(f"/devices/{shop.id_of('Saws')}", "PATCH", saws)

    edit(1)
    shop.eventually(lambda: shop.device("Saws")["state"] == "on")
    threads, files = held()
    for turn in range(200):
        edit(turn)
    shop.eventually(lambda: shop.device("Saws")["state"] == "on")
    shop.eventually(lambda: held()[0] <= threads)
    assert held()[1] <= files + 3  # sockets of the last requests


def test_a_search_finds_who_is_not_configured_while_the_others_are_read(shop):
    shop.ask(f"/devices/{shop.id_of('Lamps')}", "DELETE")
    asked = polls(shop, 2)
    shop.ask("/gateways/2/scan", "POST", {"units": "1-4"})
    assert refusal(lambda: shop.ask("/gateways/1/scan", "POST", {}))[1]["code"] == "scan_busy"
    told = shop.eventually(lambda: (seen := shop.get("/gateways/2/scan"))["state"] == "done" and seen, 60)
    found = {each["unit"]: each for each in told["found"]}
    assert found.keys() == {1, 2}
    assert found[1]["device"] == shop.id_of("Saws")
    assert found[2]["device"] is None
    assert "legrand-412045" in [model["id"] for model in found[2]["models"]]
    assert polls(shop, 2) > asked
    assert shop.device("Saws")["state"] == "on"


def test_kill_leaves_the_old_installation_or_the_new_one_with_its_entry(tmp_path):
    with workshop(tmp_path, ts=TS) as shop:
        for turn in range(3):
            shop.start_killable()
            answered, asked = [], []

            def edit(turn=turn, answered=answered, asked=asked):
                for number in range(10_000):
                    asked.append(f"{turn}.{number}")
                    try:
                        shop.ask("/gateways/1", "PATCH", {"description": asked[-1]})
                    except HTTPError:  # it is busy: no answer in time
                        continue
                    except (OSError, ValueError):
                        return
                    answered.append(asked[-1])

            editor = threading.Thread(target=edit)
            editor.start()
            shop.eventually(lambda answered=answered: len(answered) > 3)
            shop.kill()
            editor.join()
            store = open_store(shop.data)
            site, last = installation_of(store), AuditTrail(store).last()
            store.close()
            assert site.gateway(1).description in (answered[-1], asked[-1])
            assert last.version == site.version
            assert last.changes[0].fields["description"][1] == site.gateway(1).description
