from runtime.core.decode.samplelayout import build_layout

QUANTITIES = ("active_power_l1_w", "active_power_l2_w", "active_energy_import_wh", "active_power_w")
RECORDED = (("active_power_l1_w", "mean"), ("active_power_w", "mean"), ("active_power_w", "max"))
BLOCKS = [(0, 2), (1,)]
SHAPE = build_layout(QUANTITIES, RECORDED, (2,), [(3, (0, 1))], BLOCKS, {})


def test_a_column_is_a_slot_and_a_statistic():
    assert SHAPE.columns == ((0, "mean"), (3, "mean"), (3, "max"))


def test_a_derived_value_is_sampled_with_the_block_of_its_last_part():
    assert SHAPE.gauges == {0: (0,), 1: (3,)}


def test_counters_stand_with_their_blocks():
    assert SHAPE.counters == {0: ((2, "active_energy_import_wh"),)}
