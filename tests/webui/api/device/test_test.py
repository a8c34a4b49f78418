from __future__ import annotations

from dataclasses import replace

from drivers.families.catalogue import load_maps
from runtime.core.decode.compiled import compile_map
from runtime.core.modbus.request import Request
from runtime.errors import LinkDown, NoAnswer, Refused
from runtime.store.env import Store
from tests.webui.stage import Stage, stage
from webui.api.device.test import DeviceTestApi
from webui.model.actorclient import MOST_AT_ONCE, ActorClient

METER = compile_map(load_maps()["legrand-412045"])


def registers(request: Request) -> bytes:
    return bytes(2 * request.count)


def at_work(store: Store) -> Stage:
    """A site whose devices answer, all of them zeroes."""
    site = stage(store, map_of=lambda id: METER)
    site.wire = registers
    return site


def test_a_device_that_answers_tells_all_its_readings(store: Store) -> None:
    answer = at_work(store).get("/api/v1/devices/1/test", "POST").json
    assert answer["ok"] and set(answer["readings"]) == set(METER.quantities)
    assert answer["readings"]["active_energy_import_wh"]["unit"] == "Wh"


def test_the_first_thing_that_goes_wrong_is_told_and_nothing_more_is_asked(store: Store) -> None:
    site = at_work(store)

    def silent(request: Request) -> bytes:
        raise NoAnswer("no_answer", "unit 2 did not answer in time")

    site.wire = silent
    answer = site.get("/api/v1/devices/1/test", "POST").json
    assert answer == {"ok": False, "error": {"code": "no_answer", "message": "unit 2 did not answer in time"}}
    assert len(site.posted) == 1


def test_registers_that_a_device_does_not_have_are_left_out_unless_it_has_none(store: Store) -> None:
    site = at_work(store)
    lacks = [block.at for block in METER.blocks[1:]]

    def one_block_only(request: Request) -> bytes:
        if request.at in lacks:
            raise Refused(2, "illegal data address")
        return registers(request)

    def nothing(request: Request) -> bytes:
        raise Refused(2, "illegal data address")

    site.wire = one_block_only
    assert site.get("/api/v1/devices/1/test", "POST").json["ok"]
    site.wire = nothing
    assert site.get("/api/v1/devices/1/test", "POST").json["error"]["code"] == "exception_2"


def test_a_device_that_takes_a_few_registers_at_once_is_read_in_pieces(store: Store) -> None:
    site = at_work(store)

    def ten_at_most(request: Request) -> bytes:
        if request.count > 10:
            raise Refused(3, "illegal data value")
        return b"\0\1" * request.count

    site.wire = ten_at_most
    readings = site.get("/api/v1/devices/1/test", "POST").json["readings"]
    assert readings["voltage_l1_v"]["value"] is not None and readings["ct_ratio"]["value"] == 1
    assert [id for id, each in readings.items() if each["value"] is None and id.startswith("thd")] == []


def test_a_gateway_works_when_one_of_its_devices_answers(store: Store) -> None:
    site = at_work(store)

    def one_is_there(request: Request) -> bytes:
        if request.unit != 3:
            raise NoAnswer("no_answer", "silent")
        return registers(request)

    site.wire = one_is_there
    answer = site.get("/api/v1/gateways/1/test", "POST").json
    assert answer["ok"]
    assert [(each["device"], each["ok"]) for each in answer["devices"]] == [(1, False), (2, True), (3, False)]


def test_a_gateway_that_cannot_be_reached_says_why(store: Store) -> None:
    site = at_work(store)

    def down(request: Request) -> bytes:
        raise LinkDown("link_refused", "refused")

    site.wire = down
    for devices in (3, 0):
        empty = stage(store, devices=devices)
        empty.wire = down
        answer = empty.get("/api/v1/gateways/1/test", "POST").json
        assert (answer["ok"], answer["error"]["code"]) == (False, "link_refused")


def test_a_gateway_without_devices_works_when_it_can_be_reached(store: Store) -> None:
    empty = stage(store, devices=0)

    def nobody(request: Request) -> bytes:
        raise NoAnswer("no_answer", "silent")

    empty.wire = nobody
    assert empty.get("/api/v1/gateways/1/test", "POST").json == {"ok": True, "readings": {}, "devices": []}


def test_a_gateway_that_is_off_is_told_as_off(store: Store) -> None:
    assert stage(store).get("/api/v1/gateways/1/test", "POST").json["error"]["code"] == "gateway_off"


def test_only_a_few_wait_for_devices_at_a_time(store: Store) -> None:
    site = at_work(store)
    asking = ActorClient(site.bridge)
    busy = DeviceTestApi(site.bridge, asking)
    site.app.route("/busy/<id:int>", "POST", busy.device, permissions=(("panel_board", "act"),))
    held = [asking.waiting() for _ in range(MOST_AT_ONCE)]
    for place in held:
        place.__enter__()
    assert site.get("/busy/1", "POST").status == 503
    for place in held:
        place.__exit__(None, None, None)
    assert site.get("/busy/1", "POST").status == 200


def test_what_is_not_configured_is_not_found(site: Stage) -> None:
    assert site.get("/api/v1/devices/99/test", "POST").status == 404
    assert site.get("/api/v1/gateways/99/test", "POST").status == 404


def test_behind_an_ems_interface_the_address_on_the_wire_is_asked(store: Store) -> None:
    module = replace(METER, interface_stride=30)
    site = stage(store, map_of=lambda id: module)
    site.installation = replace(
        site.installation, devices=tuple(replace(each, unit=2, interface=3) for each in site.installation.devices[:1])
    )
    asked = []

    def note(request: Request) -> bytes:
        asked.append(request.unit)
        return registers(request)

    site.wire = note
    assert site.get("/api/v1/devices/1/test", "POST").json["ok"]
    assert site.get("/api/v1/gateways/1/test", "POST").json["ok"]
    assert set(asked) == {62}
