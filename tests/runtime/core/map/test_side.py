from runtime.core.map.devicemap import parse_map
from runtime.core.map.side import map_of_side

TABLE = {
    "id": "acme-post", "title": "ACME post", "source": "ACME list", "trust": "published", "side_stride": 0x100,
    "field": [
        {"quantity": "firmware", "at": 0, "type": "text", "words": 4, "role": "identity"},
        {"quantity": "limit_a", "at": 0x10, "type": "u16"},
        {"quantity": "active_power_w", "at": 0x20, "type": "u16", "sign_at": 0x21},
    ],
    "command": [{"command": "limit", "read_back": "limit_a", "at": 0x10, "type": "u16", "least": 6, "most": 32}],
}  # fmt: skip
POST = parse_map(TABLE, file="acme.toml")


def test_the_left_side_stands_where_the_map_says():
    assert map_of_side(POST, {"side": "left"}) is map_of_side(POST, {}) is POST


def test_the_right_side_lies_a_stride_further_on():
    right = map_of_side(POST, {"side": "right"})
    assert [(field.at, field.sign_at) for field in right.fields] == [(0, None), (0x110, None), (0x120, 0x121)]
    assert right.commands[0].at == 0x110


def test_a_device_whose_sides_have_addresses_of_their_own_keeps_its_registers():
    own = parse_map({**TABLE, "side_stride": 0}, file="acme.toml")
    assert map_of_side(own, {"side": "right"}) is own
