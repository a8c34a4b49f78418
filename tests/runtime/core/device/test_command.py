"""What may be told to a device, and what became of it."""

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.device.command import (
    DONE,
    LATE,
    REFUSED,
    REMEMBERED,
    SENT,
    UNCONFIRMED,
    CommandRequest,
    Memory,
    Outcome,
    Target,
    count_of,
    decide,
    describe_count,
    is_confirmed,
)
from runtime.core.map.devicemap import parse_map
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError

NOW_TS = 1_780_000_000
TABLE = {
    "id": "acme-io", "title": "ACME I/O", "source": "by hand", "trust": "published",
    "field": [
        {"quantity": "output_1_state", "at": 0, "space": "coil"},
        {"quantity": "limit_a", "at": 0, "type": "u16", "scale": 0.1},
        {"quantity": "pulses_1", "at": 10, "type": "u32"},
    ],
    "command": [
        {"command": "output_1", "read_back": "output_1_state", "at": 0, "space": "coil"},
        {"command": "limit", "read_back": "limit_a", "at": 0, "type": "u16", "scale": 0.1, "least": 6, "most": 32},
        {"command": "pulses_1", "read_back": "pulses_1", "at": 10, "type": "u32", "least": 0, "most": 99_999},
    ],
}  # fmt: skip
ROWS = compile_map(parse_map(TABLE, file="")).commands


def wish(command="output_1", value="on", author="ada", request="r1"):
    return CommandRequest(4, command, value, author, request)


def device(**changes):
    return DeviceSpec(4, "Door", 1, 9, "acme-io", **changes)


def judged(asked, *, trust="published", demo=False, **changes):
    return decide(asked, Target(device(**changes), ROWS, trust, 9), NOW_TS, demo=demo)


def refusal(asked, **changes):
    with pytest.raises(WattkeeperError) as refused:
        judged(asked, **changes)
    return refused.value.code


def test_a_wish_in_order_may_go_to_the_wire_with_a_permit():
    order = judged(wish())
    assert (order.row.name, order.value_n, order.permit.unit) == ("output_1", 1, 9)


def test_what_the_device_cannot_be_told_is_refused():
    assert refusal(wish("selfdestruct")) == "command_unknown"
    assert refusal(wish(), on=False) == "device_off"


def test_a_provisional_map_writes_in_the_demo_and_on_trial_only():
    assert refusal(wish(), trust="provisional") == "map_provisional"
    assert judged(wish(), trust="provisional", demo=True)
    assert judged(wish(), trust="provisional", trial_until_ts=NOW_TS + 60).permit.until_ts == NOW_TS + 60


@pytest.mark.parametrize("value", ["maybe", 1, True, "", "ON"])
def test_a_state_is_told_by_its_name(value):
    assert refusal(wish(value=value)) == "command_value"


@pytest.mark.parametrize("value", [5.9, 32.1, float("nan"), float("inf"), True, "16", -6])
def test_a_number_outside_of_its_range_is_refused(value):
    assert refusal(wish("limit", value)) == "command_value"


def test_a_number_is_told_in_its_unit():
    assert count_of(ROWS["limit"], 6) == 6_000
    assert count_of(ROWS["limit"], 31.9) == 31_900


def test_a_refused_value_says_what_would_do():
    with pytest.raises(WattkeeperError, match=r"from 6.000 to 32.000 A"):
        count_of(ROWS["limit"], 40)
    with pytest.raises(WattkeeperError, match="one of off, on"):
        count_of(ROWS["output_1"], "open")


def test_what_is_read_back_must_be_what_was_told():
    assert is_confirmed(ROWS["output_1"], 1, 1)
    assert not is_confirmed(ROWS["output_1"], 1, 0)
    assert not is_confirmed(ROWS["output_1"], 1, None)


def test_a_number_is_compared_as_finely_as_its_register_holds_it():
    assert is_confirmed(ROWS["limit"], 16_040, 16_000)
    assert not is_confirmed(ROWS["limit"], 16_000, 15_900)


def test_a_counter_may_have_gone_on_since_it_was_preset():
    assert is_confirmed(ROWS["pulses_1"], 500, 503)
    assert not is_confirmed(ROWS["pulses_1"], 500, 499)


def test_counts_are_shown_in_words():
    assert describe_count("output_1_state", 1) == "on"
    assert describe_count("output_1_state", 7) == "7"
    assert describe_count("limit_a", 16_000) == "16.000 A"
    assert describe_count("pulses_1", 5) == "5"
    assert describe_count("limit_a", None) == "nothing"


def outcome(asked, state=DONE):
    return Outcome(asked, state, 0, "output_1_state", 1, 1)


def test_the_same_request_is_found_again():
    asked = wish()
    memory = Memory().with_outcome(outcome(asked))
    assert memory.find(wish()).state == DONE
    assert memory.find(wish(request="r2")) is None
    assert memory.find(wish(author="bob")) is None


def test_requests_without_an_id_are_never_the_same():
    assert Memory().with_outcome(outcome(wish(request=""))).find(wish(request="")) is None


def test_one_id_for_two_commands_is_refused():
    memory = Memory().with_outcome(outcome(wish()))
    with pytest.raises(WattkeeperError) as refused:
        memory.find(wish(value="off"))
    assert refused.value.code == "request_reused"


@pytest.mark.parametrize(("state", "kept"), [(SENT, 1), (DONE, 1), (UNCONFIRMED, 1), (REFUSED, 0), (LATE, 0)])
def test_what_never_reached_the_wire_can_be_asked_for_again(state, kept):
    asked = wish()
    memory = Memory().with_outcome(outcome(asked, SENT)).with_outcome(outcome(asked, state))
    assert len(list(memory)) == kept


def test_the_memory_is_bounded():
    memory = Memory()
    for number in range(3 * REMEMBERED):
        memory = memory.with_outcome(outcome(wish(request=str(number))))
    assert len(list(memory)) == REMEMBERED
    assert memory.find(wish(request=str(3 * REMEMBERED - 1)))


def test_what_was_under_way_when_the_gateway_ended_is_not_sent_again():
    memory = Memory().with_outcome(outcome(wish(), SENT)).with_outcome(outcome(wish(request="r2")))
    newer = memory.of_former_incarnation(7)
    assert [(each.state, each.code) for each in newer] == [(UNCONFIRMED, "owner_restarted"), (DONE, "")]
