from runtime.core.modbusserver.remoteid import remote_objects
from runtime.core.site.installation import DeviceSpec, GroupSpec, Installation, LoadSpec

SITE = Installation(
    devices=(DeviceSpec(1, "Main", 1, 1, "m"), DeviceSpec(9999, "Water", 1, 2, "w")),
    loads=(LoadSpec(3, "Heating"),),
    groups=(GroupSpec(7, "Hall"),),
)


def test_devices_loads_and_groups_have_numbers_of_their_own_and_all_loads_one():
    objects = {each.remote_id: (each.kind, each.id, each.name) for each in remote_objects(SITE, frozenset({1}))}
    assert objects == {
        29_999: ("all", 0, ""),
        10_001: ("device", 1, "Main"),
        20_003: ("load", 3, "Heating"),
        30_007: ("group", 7, "Hall"),
    }
