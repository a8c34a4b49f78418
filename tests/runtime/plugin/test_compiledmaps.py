from dataclasses import replace

from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.source.scheme import Scheme
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins

SITE = Installation(
    devices=(
        DeviceSpec(1, "a", 1, 1, "eastron-sdm120"),
        DeviceSpec(2, "b", 1, 2, "eastron-sdm120"),
        DeviceSpec(3, "c", 1, 3, ""),
    )
)


def test_equal_models_share_a_map_also_across_edits():
    maps = Maps(load_plugins(default_plugins()))
    maps.follow(SITE)
    first = maps.of[1]
    assert maps.of[2] is first
    told = maps.device_map_of(SITE.devices[0])
    maps.follow(replace(SITE, devices=SITE.devices[1:]))
    assert maps.of == {2: first}
    assert maps.device_map_of(SITE.devices[1]) is told


def test_a_device_without_a_model_or_of_an_unknown_one_has_no_map():
    maps = Maps(load_plugins(default_plugins()))
    maps.follow(replace(SITE, devices=(*SITE.devices, DeviceSpec(4, "d", 1, 4, "nonsense"))))
    assert maps.of.keys() == {1, 2}
    assert maps.device_map_of(SITE.devices[2]) is None


def test_behind_a_gateway_that_speaks_otherwise_a_device_has_no_map():
    plugins = load_plugins(default_plugins())
    plugins.schemes["s0"] = Scheme("s0", "S0", "s0://h", print, "pulse-lines", is_heard=True)
    maps = Maps(plugins)
    maps.follow(replace(SITE, gateways=(GatewaySpec(1, "Hall", "tcp://h"),)))
    assert maps.of.keys() == {1, 2}
    maps.follow(replace(SITE, gateways=(GatewaySpec(1, "Hall", "s0://h"),)))
    assert maps.of == {}
