from actors.bus.budget import Budget
from actors.bus.buslog import BusLog
from actors.message.device import PollBlock
from runtime.core.modbus.request import Request
from runtime.errors import NoAnswer
from tests.actors.stage import Stage

REQUEST = Request(5, 3, 0, 10)
BLOCK = PollBlock(7, 0, REQUEST, 1.0, 1.0)


def log_of(clock):
    log = BusLog(clock, 10)
    log.replan((BLOCK,))
    return log


def test_its_view_says_what_the_budget_is():
    clock = Stage().clock
    for log, per_s in ((log_of(clock), 0.0), (BusLog(clock, 10, Budget(5)), 5.0)):
        assert log.view(1, clock.monotonic(), None, connected=True).budget_per_s == per_s


def test_an_answer_has_the_time_of_its_middle_and_is_kept():
    clock = Stage().clock
    log, began, began_ms = log_of(clock), clock.monotonic(), clock.now_ms()
    assert log.timeout_s(0) == 1.0
    clock.advance(0.05)
    assert log.answered(0, began, clock.monotonic(), b"12") == (began_ms + 25, 50)
    (kept,) = log.trace.since()
    assert (kept.device, kept.payload, kept.code) == (7, b"12", "")


def test_quick_answers_shorten_the_time_out_until_one_is_missing():
    clock = Stage().clock
    log = log_of(clock)
    for _ in range(20):
        log.timeout_s(0)
        log.answered(0, clock.monotonic(), clock.monotonic() + 0.01, b"")
    assert log.timeout_s(0) < 0.5
    log.failed(0, clock.monotonic(), clock.monotonic() + 0.3, NoAnswer("no_answer", "silent"))
    assert log.timeout_s(0) == 1.0
    assert log.view(1, clock.monotonic(), None, connected=True).errors == {"no_answer": 1}


def test_its_view_says_how_much_is_read_and_what_the_line_could_do():
    clock = Stage().clock
    log = log_of(clock)
    for _ in range(40):
        log.timeout_s(0)
        log.answered(0, clock.monotonic(), clock.monotonic() + 0.25, b"")
        clock.advance(1.0)
        view = log.view(1, clock.monotonic(), None, connected=True)
    assert (round(view.polls_per_s, 1), round(view.possible_per_s, 1), view.utilisation_pct) == (1.0, 4.0, 24.6)
