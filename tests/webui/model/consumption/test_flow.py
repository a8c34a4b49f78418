from __future__ import annotations

import pytest

from webui.model.consumption.flow import MOST_NODES, Flow, Stream, draw_flow

NONE, FIRST = ("site", 0), ("board", 1)
HEAT, LIGHT, REST = ("load", 1), ("load", 2), ("rest", 0)


def drawn(grid_n: int, produced: dict[int, int], *streams: Stream) -> Flow:
    flow = draw_flow(grid_n, produced, streams)
    assert flow is not None
    return flow


def nodes(flow: Flow) -> list[list[tuple[str, int, int]]]:
    return [[(node.kind, node.id, node.power_n) for node in column] for column in flow.columns]


def test_power_goes_from_its_sources_over_the_boards_to_the_loads():
    flow = drawn(
        15_000, {3: 10_000}, Stream(FIRST, HEAT, 18_000), Stream(FIRST, LIGHT, 2_000), Stream(NONE, REST, 5_000)
    )
    assert nodes(flow) == [
        [("grid", 0, 15_000), ("produced", 3, 10_000)],
        [("board", 1, 20_000), ("site", 0, 5_000)],
        [("load", 1, 18_000), ("load", 2, 2_000), ("rest", 0, 5_000)],
    ]
    assert len(flow.ribbons) == 2 * 2 + 3


def test_what_is_sold_goes_from_production_into_the_grid():
    flow = drawn(-4_000, {3: 10_000}, Stream(NONE, HEAT, 6_000))
    assert nodes(flow)[0] == [("produced", 3, 10_000)]
    assert nodes(flow)[2] == [("load", 1, 6_000), ("export", 0, 4_000)]
    assert {kind for kind, _ in flow.ribbons} == {"produced", "export", "load"}


def test_bars_are_in_one_scale_and_no_two_of_a_column_overlap():
    streams = [Stream(("meter", at % 3), ("load", at), 1_000 * (at + 1)) for at in range(5)]
    flow = drawn(15_000, {}, *streams)
    scales = {round(node.height * 1000 / node.power_n, 1) for column in flow.columns for node in column}
    assert len(scales) == 1
    for column in flow.columns:
        ends = [0.0, *(edge for node in column for edge in (node.y, node.y + node.height)), 100.0]
        assert ends == sorted(ends)


def test_too_many_loads_are_shown_as_one_and_nothing_is_lost():
    streams = [Stream(NONE, ("load", at), 1_000 * at) for at in range(1, 11)]
    ends = nodes(drawn(55_000, {}, *streams))[2]
    assert len(ends) == MOST_NODES and ends[-1] == ("load", -1, 1_000 + 2_000 + 3_000 + 4_000 + 5_000)
    assert sum(power_n for _, _, power_n in ends) == 55_000
    with_rest = nodes(drawn(55_500, {}, *streams, Stream(NONE, REST, 500)))[2]
    assert len(with_rest) == MOST_NODES and with_rest[-1] == ("rest", 0, 500)


@pytest.mark.parametrize(("grid_n", "produced"), [(0, {}), (5_000, {})])
def test_where_nothing_flows_there_is_no_picture(grid_n, produced):
    assert draw_flow(grid_n, produced, ()) is None
