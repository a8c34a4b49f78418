"""Which edits start which actors anew."""

from dataclasses import replace

import pytest

from actors.gateway.gateway import Periods
from actors.message.charging import LeaveAlone
from actors.message.device import PlanChanged
from runtime.children import Children, gone
from runtime.clock import SystemClock
from runtime.core.charging.resource import CIRCUIT, STATION
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.site.installation import DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.loop.loop import ProcessLoop
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.secret.secrets import Secrets
from runtime.secret.vault import Vault
from runtime.settings import default_plugins
from runtime.store.env import open_store
from runtime.store.object.charging import quiet_record
from runtime.viewboard import Views
from tests.actors.stage import Stage, heard

SECRETS = Secrets(Vault(bytes(32)), lambda kind, key: None)
SITE = Installation(
    gateways=(GatewaySpec(1, "Hall", "tcp://h"), GatewaySpec(2, "Roof", "tcp://r")),
    devices=(DeviceSpec(1, "Main", 1, 1, "eastron-sdm120"), DeviceSpec(2, "Oven", 2, 1, "eastron-sdm630")),
    loads=(LoadSpec(1, "Ovens"),),
    groups=(GroupSpec(1, "North"),),
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("roster"))
    plugins = load_plugins(default_plugins())
    maps = Maps(plugins)
    roster = Children(
        store, SystemClock(), Periods(), lambda site: None, ProcessLoop(Views(), SystemClock().monotonic), SECRETS
    )
    roster.take(plugins, maps, Checker(plugins, SystemClock()))

    def children(site):
        maps.follow(site)
        return roster.children(site)

    def parts_of(site):
        return {spec.name: spec.part for spec in children(site)}

    parts_of.children, parts_of.store = children, store
    yield parts_of
    store.close()


def edited(device=None, gateway=None):
    devices = (replace(SITE.devices[0], **(device or {})), *SITE.devices[1:])
    gateways = (replace(SITE.gateways[0], **(gateway or {})), *SITE.gateways[1:])
    return replace(SITE, devices=devices, gateways=gateways)


def differing(parts, site):
    before, after = parts(SITE), parts(site)
    return {name for name in {**before, **after} if before.get(name, "none") != after.get(name, "none")}


@pytest.mark.parametrize(
    "site",
    [
        edited(
            device={
                "name": "Incomer",
                "load": 1,
                "groups": (1,),
                "excluded": True,
                "above": 2,
                "labels": {"input_1": "Door"},
            }
        ),
        edited(gateway={"name": "Hall 1", "description": "north", "board": 3, "eq_device": 1}),
        replace(SITE, site="Works", currency="CHF", loads=(), groups=(), version=9),
    ],
)
def test_names_loads_and_groups_disturb_no_polling(parts, site):
    assert differing(parts, site) == set()


@pytest.mark.parametrize("change", [{"unit": 9}, {"model": "eastron-sdm630"}, {"on": False}, {"supply": "downstream"}])
def test_what_matters_to_reading_starts_its_own_gateway_anew_and_no_other(parts, change):
    assert differing(parts, edited(device=change)) == {"gateway.1"}


def test_a_new_address_starts_gateway_and_bus_anew(parts):
    assert differing(parts, edited(gateway={"url": "tcp://elsewhere"})) == {"gateway.1", "bus.1"}


def test_another_budget_of_polls_starts_the_bus_anew_and_nobody_else(parts):
    assert differing(parts, edited(gateway={"most_polls_per_s": 5})) == {"bus.1"}


def test_a_gateway_that_is_switched_off_has_no_bus(parts):
    site = edited(gateway={"on": False})
    assert differing(parts, site) == {"gateway.1", "bus.1"}
    assert "bus.1" not in parts(site)


def test_the_sample_rate_concerns_all_gateways_and_no_bus(parts):
    assert differing(parts, replace(SITE, interval_s=60)) == {"gateway.1", "gateway.2"}


def test_views_of_what_was_erased_are_named():
    after = replace(SITE, devices=SITE.devices[1:], gateways=SITE.gateways[1:])
    assert set(gone(SITE, after)) == {"device.1", "gateway.1", "bus.1", "trace.1", "scan.1"}


def test_a_device_that_was_just_saved_is_read_before_the_others(parts):
    stage = Stage()
    added = DeviceSpec(3, "New", 1, 9, "eastron-sdm630")
    for site, watched in ((SITE, ()), (replace(SITE, devices=(*SITE.devices, added)), (3,))):
        spec = next(each for each in parts.children(site) if each.name == "gateway.1")
        inbox = spec.factory(stage.incarnation("gateway.1")).actor_inbox
        message = inbox.poll()
        assert (message.devices if message else ()) == watched


def charging(**changes):
    """A circuit with a wallbox, switched on."""
    wallbox = DeviceSpec(3, "Wallbox", 2, 7, "heidelberg-energy-control")
    site = replace(SITE, devices=(*SITE.devices, wallbox))
    circuit = CircuitSpec(1, "Hall", 1, 63_000, 50_000, **{"on": True, **changes})
    return site.having(CIRCUIT, (circuit,)).having(STATION, (StationSpec(4, 3, 1, "l1l2l3"),))


def test_a_circuit_that_is_on_has_an_actor_for_each_station_and_one_that_shares(parts):
    assert {"station.4", "chargeshare"} <= parts(charging()).keys()
    assert not {"station.4", "chargeshare"} & parts(charging(on=False)).keys()


def test_a_station_that_is_left_alone_is_not_in_the_plan_of_a_gateway_that_begins_anew(parts):
    stage = Stage()
    bus, (gateway,) = stage.mailbox("bus.2"), [s for s in parts.children(charging()) if s.name == "gateway.2"]

    def planned(rest_ms):
        with parts.store.writing() as txn:
            parts.store.records.put(txn, *quiet_record(4, SystemClock().now_ms() + rest_ms))
        stage.add(gateway.factory(stage.incarnation("gateway.2")))
        stage.play()
        plans = [message for message in heard(bus) if isinstance(message, PlanChanged)]
        return {block.device for block in plans[-1].blocks}

    assert planned(25_000) == {2}
    assert planned(-1) == {2}, "nobody has looked at the meters yet"
    (station,) = [s for s in parts.children(charging()) if s.name == "station.4"]
    station.factory(stage.incarnation("station.4"))
    assert planned(-1) == {2, 3}, "a gateway that begins anew beside it reads it at once"


def test_a_station_is_held_back_by_a_server_that_begins_and_not_when_it_begins_anew_in_the_same(parts):
    stage, site = Stage(), charging().having(STATION, (StationSpec(5, 3, 1, "l1l2l3"),))
    box, (station,) = stage.mailbox("gateway.2"), [s for s in parts.children(site) if s.name == "station.5"]

    def held_back():
        stage.add(station.factory(stage.incarnation("station.5")))
        stage.play()
        return [message.for_s for message in heard(box) if isinstance(message, LeaveAlone)]

    assert (held_back(), held_back()) == ([32.0], [])


def test_stations_start_before_who_shares_current_among_them_and_after_their_gateways(parts):
    names = [spec.name for spec in parts.children(charging())]
    assert names.index("gateway.2") < names.index("station.4") < names.index("chargeshare")


def test_a_change_of_a_circuit_starts_nothing_anew_but_the_sharing(parts):
    before, after = parts(charging()), parts(charging(hard_limit=True))
    assert {name for name in before if before[name] != after[name]} == {"chargeshare"}
