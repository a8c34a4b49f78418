import struct

from runtime.core.clock.clocktrust import ClockView
from runtime.core.decode.compiled import compile_map
from runtime.core.device.health import LOSSES
from runtime.core.device.livedevice import LiveDevice
from runtime.core.device.sharedaddress import SHARED
from runtime.core.identity.modelcheck import Verdict
from runtime.core.map.devicemap import parse_map
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import Trouble

COMPILED = compile_map(
    parse_map(
        {
            "id": "test-meter", "title": "Test meter", "source": "none", "trust": "published",
            "field": [
                {"quantity": "active_power_l1_w", "at": 0, "type": "i16"},
                {"quantity": "active_power_l2_w", "at": 500, "type": "i16"},
                {"quantity": "active_energy_import_wh", "at": 1000, "type": "u32"},
                {"quantity": "breaker_state", "at": 1500, "type": "u16"},
                {"quantity": "serial_number", "at": 2000, "type": "u16"},
                {"quantity": "ct_ratio", "at": 2500, "type": "u16", "role": "parameter"},
            ],
        },
        file="test",
    )
)  # fmt: skip


def device(clock=ClockView()):
    def interval_of(ts):
        return ts // 600 * 600, ts // 600 * 600 + 600

    return LiveDevice(DeviceSpec(1, "main", 1, 9, "test-meter"), COMPILED, interval_of, 0, 30, clock)


def block_at(at):
    return next(i for i, block in enumerate(COMPILED.blocks) if block.at == at)


LIVE, COUNTER, BREAKER, NAME, RATIO = map(block_at, (0, 1000, 1500, 2000, 2500))
WATTS = struct.pack(">h", 100)
OTHER = Trouble("model_other", "answers like a 4 120 53", 0)


def reads(live, block, *words, ts=1, now=0.0):
    """What is heard of answers to one block."""
    return [live.read(block, ts * 1000, struct.pack(">H", word), now) for word in words]


def counted(live, *readings):
    """Samples of the readings (UTC s, index)."""
    return [
        sample
        for ts, wh in readings
        for sample in live.read(COUNTER, ts * 1000, struct.pack(">I", wh), 0.0).samples
    ]  # fmt: skip


def shown(live):
    view = live.view()
    return dict(zip(view.quantities, zip(view.values_n, view.ts_ms, strict=True), strict=True))


def test_an_answer_is_shown_with_its_time():
    live = device()
    heard = live.read(LIVE, 1000, WATTS, 0.0)
    assert heard.answered and shown(live)["active_power_l1_w"] == (1000, 1000)


def test_an_answer_without_news_is_told_as_that():
    live = device()
    first, second, third = reads(live, LIVE, 1, 2, 3)
    assert second is third and not (second.events or second.samples or second.came_back)


def test_counters_are_read_at_the_edges():
    assert device().sampler.counter_blocks == (COUNTER,)


def test_values_stay_with_their_time_when_the_device_falls_silent():
    live = device()
    live.read(LIVE, 1000, WATTS, 0.0)
    silences = [live.failed(LIVE, 9000, "no_answer", "silent") for _ in range(3)]
    assert [heard.events for heard in silences] == [(), (("communication_error", "silent"),), ()]
    assert live.view().state == "communication_error" and not silences[1].answered
    assert shown(live)["active_power_l1_w"] == (1000, 1000)


def test_it_comes_back_with_the_first_answer():
    live = device()
    heard = live.cut_off(Trouble("link_lost", "gone", 5000))
    assert (heard.ts_ms, list(heard.events)) == (5000, [("communication_error", "gone")])
    (heard,) = reads(live, LIVE, 100, ts=9)
    assert heard.came_back and heard.events == (("communication_restored", ""),)


def test_a_state_that_changes_and_a_ratio_are_events():
    live = device()
    assert [heard.events for heard in reads(live, BREAKER, 1, 2)] == [(), (("breaker_tripped", ""),)]
    changed = reads(live, RATIO, 10, 20)[1]
    assert changed.events == (("parameter_changed", "a parameter that scales its counters changed"),)


def test_a_ratio_that_changes_goes_along_with_the_sample():
    live = device()
    counted(live, (100, 5))
    reads(live, RATIO, 10, 20, ts=200)
    (sample,) = counted(live, (700, 7))
    assert sample.rescaled_ms == 200_000


def test_another_serial_number_is_another_device_and_one_that_comes_back_shares_the_address():
    first, second, third = reads(device(), NAME, 7, 8, 7)
    assert first.renamed is None
    assert (second.renamed, second.came_back, second.events) == (NAME, True, (("device_exchanged", "it is 8 now"),))
    assert third.renamed is None and third.events[0][0] == SHARED


def test_a_refusal_is_an_answer_and_no_value():
    live = device()
    live.read(LIVE, 1000, WATTS, 0.0)
    heard = live.failed(LIVE, 2000, "exception_1", "no such function")
    assert heard.answered and not heard.replan
    assert shown(live)["active_power_l1_w"][0] is None and live.view().trouble.code == "exception_1"


def test_an_address_that_two_share_is_told_until_it_is_shown():
    live = device()
    told = [live.failed(LIVE, 1000, SHARED, "two devices").events for _ in range(4)]
    assert [code for events in told for code, _ in events] == [SHARED, SHARED, "communication_error"]


def test_of_another_device_than_configured_values_are_suspect_and_energy_counts_for_nothing():
    live = device()
    live.suspect(OTHER, 0)
    (sample,) = counted(live, (100, 5), (700, 7))
    assert sample.counters == {} and set(sample.quality) == {Quality.SUSPECT}
    view = live.view()
    assert (view.state, view.trouble) == ("configuration_error", OTHER)
    assert set(view.quality) == {Quality.SUSPECT}


def test_what_the_other_device_told_counts_no_more_once_the_right_one_is_there():
    live = device()
    live.suspect(OTHER, 0)
    counted(live, (100, 999_999))
    live.suspect(None, 200)
    (sample,) = counted(live, (300, 5), (700, 7))
    assert sample.counters == {"active_energy_import_wh": ((300_000, 5000), (700_000, 7000))}
    assert live.view().state == "on" and set(live.view().quality) == {Quality.GOOD}


def test_a_doubt_without_proof_is_only_said():
    live = device()
    live.suspect(OTHER, 0, sure=False)
    (sample,) = counted(live, (100, 5), (700, 7))
    assert sample.counters and set(sample.quality) == {Quality.GOOD}
    assert (live.view().state, live.view().trouble) == ("on", OTHER)


def test_a_verdict_is_an_event_when_it_changes():
    live = device()
    other, right = Verdict("other", ("4 120 53",)), Verdict("same")
    told = [live.identified(verdict, 5).events for verdict in (right, other, other, right)]
    assert [list(events) for events in told] == [
        [],
        [("model_other", "answers like 4 120 53")],
        [],
        [("model_right", "")],
    ]


def test_a_clock_put_right_moves_what_was_dated_before():
    live = device(ClockView(trusted=False))
    live.read(LIVE, 1000, WATTS, 0.0)
    assert counted(live, (100, 5), (700, 7)) == []
    heard = live.follow(ClockView(trusted=True, shift_ms=6_000_000), 6_701_000)
    assert [sample.start_ts for sample in heard.samples] == [6_000]
    assert shown(live)["active_power_l1_w"] == (1000, 6_001_000)


def test_a_read_that_was_never_answered_and_loses_the_link_is_done_in_parts_a_few_times():
    rows = [{"quantity": f"voltage_l{n}_v", "at": n, "type": "u16"} for n in (1, 2, 3)]
    head = {"id": "any", "title": "Any", "source": "none", "trust": "published"}
    compiled = compile_map(parse_map({**head, "field": rows}, file="test"))
    live = LiveDevice(
        DeviceSpec(1, "main", 1, 9, "any"), compiled, lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), 0, 30
    )
    # it never said a word: for a while something between is to blame
    assert [live.failed(0, 1000, "link_lost", "gone").replan for _ in range(LOSSES)] == [False] * (LOSSES - 1) + [True]
    numbers = [number for number, _, _ in live.reads()]
    live.read(numbers[0], 2000, struct.pack(">H", 230), 0.0)
    assert not live.failed(numbers[0], 3000, "link_lost", "gone").replan  # it was answered: the link is to blame
    assert live.failed(numbers[1], 4000, "link_lost", "gone").replan
    left = [number for number, _, _ in live.reads() if number != numbers[0]]
    assert [live.failed(left[0], 5000 + n, "link_lost", "gone").replan for n in range(20)] == [False] * 20


def test_a_read_that_stays_silent_while_others_are_answered_is_done_in_parts():
    rows = [{"quantity": f"voltage_l{n}_v", "at": n, "type": "u16"} for n in (1, 2)]
    rows += [{"quantity": "active_energy_import_wh", "at": 500, "type": "u32"}]
    head = {"id": "any", "title": "Any", "source": "none", "trust": "published"}
    compiled = compile_map(parse_map({**head, "field": rows}, file="test"))
    counter = next(i for i, block in enumerate(compiled.blocks) if block.at == 500)
    live = LiveDevice(DeviceSpec(1, "main", 1, 9, "any"), compiled, lambda ts: (ts, ts + 600), 0, 30)
    turns = []
    for n in range(1, 5):
        turns.append(live.failed(1 - counter, 1000 * n, "no_answer", "silent").replan)
        live.read(counter, 1000 * n + 500, struct.pack(">I", 7), 0.0)
    assert turns == [False, False, False, True]  # the first came before anything was answered
    assert not live.failed(counter, 9000, "no_answer", "silent").replan
