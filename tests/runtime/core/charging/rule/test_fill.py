"""What a circuit leaves is divided by 1 A: finer than the steps of the manual."""

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.charging.decision import FILL_LOWER, STOP_HARD, STOP_RED, WAIT_POWER
from runtime.core.charging.rule.fill import share
from tests.runtime.core.charging.stage import Stage

IDS = st.integers(1, 8)


def filling(**settings):
    return Stage(allocation="fill", **{"available_a": 63, "charging_a": 60, "pause_s": 0, **settings})


def charging(count, *, phases=(1,), ah=0, **settings):
    stage = filling(**settings)
    for id in range(1, count + 1):
        stage.station(id, phases=phases)
        stage.plug(id, ah=ah)
    stage.run(0)
    stage.settle()
    return stage


def limits(stage):
    return [stage.limit(id) for id in sorted(stage.stations)]


def test_each_charge_has_as_much_as_the_next():
    assert limits(charging(3)) == [20, 20, 20]


def test_the_last_amperes_go_to_who_is_connected_longest():
    assert limits(charging(4, charging_a=62)) == [16, 16, 15, 15]


def test_none_has_less_than_six_amperes_and_who_does_not_fit_waits():
    stage = charging(4, charging_a=20)
    assert limits(stage) == [7, 7, 6, 0]
    assert stage.waits(4) == WAIT_POWER


def test_a_stopped_charge_comes_back_at_six_amperes():
    stage = charging(1, ah=32)
    stage.run(63)
    assert stage.run(after_s=9) == [(STOP_RED, 1, 6, 0)]
    stage.run(54)
    assert stage.limit(1) == 6


def test_a_priority_station_has_what_it_can_take_before_the_others():
    stage = charging(3)
    stage.change(2, priority=True)
    stage.settle()
    assert limits(stage) == [14, 32, 14]


def test_a_new_load_takes_at_once():
    stage = charging(3)
    assert [limit for rule, _, _, limit in stage.run(30) if rule == FILL_LOWER] == [10, 10, 10]


def test_current_that_is_free_again_comes_back_slowly():
    stage = charging(3)
    stage.run(30)
    stage.settle(6)
    stage.run(0)
    assert limits(stage) == [20, 20, 20]
    stage.run(30)
    assert stage.run(0, after_s=4) == []


def test_a_car_of_one_phase_is_not_slowed_by_the_load_of_another():
    stage = filling()
    for id in (1, 2):
        stage.station(id, phases=(1, 2, 3))
    stage.plug(1, takes=(32, 0, 0))
    stage.plug(2)
    stage.run(0)
    stage.settle()
    stage.run((0, 48, 0))
    stage.settle()
    assert limits(stage) == [32, 12]


def test_one_phase_cars_on_rotated_stations_share_no_phase():
    stage = filling(charging_a=32)
    for id, phases in ((1, (1, 2, 3)), (2, (2, 3, 1)), (3, (3, 1, 2))):
        stage.station(id, phases=phases)
        stage.plug(id, takes=(32, 0, 0))
    stage.run(0)
    stage.settle()
    assert limits(stage) == [32, 32, 32]


def test_until_its_phases_are_learnt_a_car_counts_on_all():
    stage = filling(charging_a=12)
    for id, phases in ((1, (1, 2, 3)), (2, (2, 3, 1)), (3, (3, 1, 2))):
        stage.station(id, phases=phases)
        stage.plug(id, takes=(32, 0, 0))
    stage.run(0)
    assert limits(stage) == [6, 6, 0]
    stage.settle()
    assert limits(stage) == [12, 12, 12]


def test_a_car_that_takes_less_leaves_the_rest_to_the_others():
    stage = filling()
    for id in (1, 2):
        stage.station(id, rated=63)
    stage.plug(1, takes=(10,))
    stage.plug(2)
    stage.run(0)
    stage.settle(60)
    assert stage.limit(1) == 12
    assert stage.limit(2) >= 48


def test_the_red_area_lowers_to_six_amperes_before_it_stops_anything():
    stage = charging(2, ah=32)
    stage.run(50)
    assert limits(stage) == [6, 6]
    stage.run(55)
    assert limits(stage) == [6, 6]
    assert stage.run(after_s=9) == [(STOP_RED, 1, 6, 0)]


def test_a_charge_under_its_guarantee_is_stopped_only_by_a_hard_limit():
    soft, hard = charging(1), charging(1, hard_limit=True)
    assert soft.run(62) == [(FILL_LOWER, 1, 32, 6)]
    assert soft.run(after_s=9) == []
    assert hard.run(62) == [(FILL_LOWER, 1, 32, 6), (STOP_HARD, 1, 6, 0)]


@given(st.data())
def test_shares_fill_a_line_and_never_exceed_it(data):
    ids = data.draw(st.lists(IDS, min_size=1, unique=True))
    wants = {id: data.draw(st.integers(6, 32)) * 1000 for id in ids}
    lines = {id: data.draw(st.sets(st.sampled_from("abc"), min_size=1).map(sorted)) for id in ids}
    room = {key: data.draw(st.integers(48, 200)) * 1000 for key in "abc"}
    given_ma = share(wants, lines, dict(room))
    for key in "abc":
        assert sum(given_ma[id] for id in ids if key in lines[id]) <= room[key]
    for id in ids:
        assert 6000 <= given_ma[id] <= wants[id]
        left = [room[key] - sum(given_ma[other] for other in ids if key in lines[other]) for key in lines[id]]
        assert given_ma[id] > wants[id] - 1000 or min(left) < 1000


@given(st.lists(IDS, min_size=2, unique=True), st.integers(48, 200))
def test_shares_of_one_line_differ_by_one_ampere_at_most(ids, room_a):
    shared = share(dict.fromkeys(ids, 32_000), dict.fromkeys(ids, ["a"]), {"a": room_a * 1000})
    assert max(shared.values()) - min(shared.values()) <= 1000
