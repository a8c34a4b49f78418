import pytest

from runtime.core.text.tomllines import line_of

INLINE = """# a map: field = [
id = "acme-m3"
note = \"\"\"
field = [ {at = 1} ]
\"\"\"
bands.power = {of = ["kta"],
  below = [[10, 10]], else = 1}
identify = [{at = 0x0300, type = "u16", equals = [16]}]

field = [ # rows } ]
  {quantity = "voltage_l1_v", at = 0, type = "u16"},
  # {quantity = "voltage_l9_v", at = 9},
  {quantity = "a } b", at = 1, type = "u16", scale_band = {of = ["kta"],
     below = [[1, 2]], else = 3}},
  {quantity = "voltage_l3_v",
   type = "u16"},
]
[invalid]
u16 = 0xFFFF
"""
TABLES = """id = "acme-m3"

[[field]]
quantity = "voltage_l1_v"
at = 0

[[field]]
quantity = "voltage_l2_v"

[bands.power]
of = ["kta"]
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("id", 2),
        ("bands.power.else", 7),
        ("identify[1].equals", 8),
        ("field[1].type", 11),
        ("field[2]", 13),
        ("field[2].scale_band.below", 14),
        ("field[3].quantity", 15),
        ("field[3].type", 16),
        ("field[3].at", 15),  # missing: where the row begins
        ("invalid.u16", 19),
        ("title", 1),  # missing: the first line
        ("field[7]", 10),
        ("load[1]x[2]", 1),
    ],
)
def test_a_fault_is_found_in_lists_of_inline_tables(key, line):
    assert line_of(INLINE, key) == line


@pytest.mark.parametrize(
    ("key", "line"), [("field[1].at", 5), ("field[2].quantity", 8), ("field[2].at", 7), ("bands.power.of", 11)]
)
def test_a_fault_is_found_in_tables_with_heads(key, line):
    assert line_of(TABLES, key) == line
