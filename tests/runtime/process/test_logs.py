from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from runtime.process.logs import set_up_logging
from tests.actors.stage import ManualClock


class Log:
    def __init__(self, **environ: str) -> None:
        self.clock = ManualClock()
        self.stream = io.StringIO()
        set_up_logging(self.clock.monotonic, stream=self.stream, environ=environ)

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _everything_as_before(monkeypatch) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("pykka").setLevel(logging.NOTSET)


def test_an_event_is_one_line_with_time_level_and_origin():
    log = Log()
    logging.getLogger("wattkeeper.bus").warning("bus.%d is silent", 3)
    assert log.lines[0].endswith("WARNING  wattkeeper.bus: bus.3 is silent")


def test_under_systemd_every_line_bears_its_priority():
    log = Log(JOURNAL_STREAM="8:1")
    try:
        raise ValueError("wrong")
    except ValueError:
        logging.getLogger("wattkeeper").exception("it broke")
    assert log.lines[0] == "<3>wattkeeper: it broke"
    assert all(line.startswith("<3>") for line in log.lines)


def test_a_complaint_is_not_repeated_a_hundred_times_but_counted():
    log = Log()
    logger = logging.getLogger("wattkeeper")
    for _ in range(100):
        logger.warning("device %d answers nonsense", 1)
    log.clock.advance(60)
    logger.warning("device %d answers nonsense", 1)
    assert len(log.lines) == 6
    assert log.lines[-1].endswith("answers nonsense [95 times more in the meantime]")


def test_the_complaint_about_another_device_is_heard():
    log = Log()
    for device in range(20):
        logging.getLogger("wattkeeper").warning("device %d answers nonsense", device)
    assert len(log.lines) == 20


def test_a_thousand_different_complaints_take_no_more_room_than_that():
    log = Log()
    for number in range(3000):
        logging.getLogger("wattkeeper").warning("%s", number)
    limit, _ = logging.getLogger().handlers[0].filters
    assert len(log.lines) == 3000
    assert len(limit._seen) == 1000


def test_the_end_of_a_plain_thread_by_an_error_is_logged():
    log = Log()
    thread = threading.Thread(target=lambda: 1 / 0, name="supervisor")
    thread.start()
    thread.join()
    assert "supervisor ended by an error" in log.lines[0]
    assert "ZeroDivisionError" in log.lines[-1]


FORGED = (
    "Pump\n2026-01-01 00:00:00 CRITICAL wattkeeper: all is lost\r\x1b[2J\x1b]0;owned\x07\x85"
    "\u2028\u202etxt\u200f\u061c\u200b\ufeff\ud800"
)


@pytest.mark.parametrize("environ", [{}, {"JOURNAL_STREAM": "8:1"}])
def test_no_name_can_forge_a_line_or_command_a_terminal(environ):
    log = Log(**environ)
    logging.getLogger("wattkeeper").warning("device %s is silent", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("wattkeeper").exception("%s failed", FORGED)
    written = log.stream.getvalue()
    assert not set(written) & set("\r\x1b\x07\x85\u2028\u202e\u200f\u061c\u200b\ufeff\ud800")
    begins = [line.removeprefix("<4>").removeprefix("<3>") for line in written.rstrip("\n").split("\n")]
    assert [line for line in begins if not line.startswith("  ")] == [begins[0], begins[1]]
    assert r"Pump\n2026-01-01" in begins[0] and r"\x1b[2J" in begins[0]


def test_a_name_as_long_as_a_book_does_not_fill_the_log():
    log = Log()
    logging.getLogger("wattkeeper").warning("%s", "x" * 1_000_000)
    assert len(log.stream.getvalue()) < 5000


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "Ofen & Öl", "变电站", "المحول"])
def test_what_people_may_call_a_device_is_written_as_it_is(name):
    log = Log()
    logging.getLogger("wattkeeper").warning("device %s is silent", name)
    assert log.lines[0].endswith(f"device {name} is silent")


def test_strangers_write_ten_lines_and_then_one_a_second_with_a_few_tracebacks():
    log = Log()
    for n in range(1000):
        try:
            raise ValueError(n)
        except ValueError:
            logging.getLogger("webui.http.errors").exception("GET /%d failed, reference %08x", n, n)
        log.clock.advance(0.01)
    first = [line for line in log.lines if " failed, " in line]
    assert 10 <= len(first) <= 21 and log.lines.count("  Traceback (most recent call last):") <= 6
    assert "lines left out before" in first[-1]


def test_what_the_server_says_of_itself_is_not_left_out_for_them():
    log = Log()
    for n in range(50):
        logging.getLogger("webui.http.errors").error("%d", n)
        logging.getLogger("wattkeeper.recorder").error("%d samples wait", n)
    assert len([line for line in log.lines if "samples wait" in line]) == 50
