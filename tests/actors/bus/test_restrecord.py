from actors.bus.restrecord import RestRecord
from actors.message.device import KeepRecords
from runtime.core.wire.rest import Rests


class Line:
    def __init__(self):
        self.rests = Rests({})

    def learns(self, unit, rest_s):
        self.rests.recall({unit: round(1000 * rest_s)})


def test_what_a_line_learnt_is_kept_once_and_given_to_the_next():
    kept: list[KeepRecords] = []
    record = RestRecord(3, "tcp://a", lambda: None, kept.append)
    line = Line()
    record.recall(line)
    record.keep(line)
    line.learns(7, 0.05)
    record.keep(line)
    record.keep(line)
    ((kind, key, content),) = kept[0].records
    assert (kind, key, len(kept)) == ("rests", 3, 1)
    again = Line()
    RestRecord(3, "tcp://a", lambda: content, kept.append).recall(again)
    assert again.rests.of(7).wait_s == 0.05


def test_what_was_learnt_at_another_address_counts_for_nothing():
    line = Line()
    RestRecord(3, "tcp://b", lambda: {"url": "tcp://a", "rests_ms": [(7, 50)]}, lambda _: None).recall(line)
    assert line.rests.of(7).wait_s == 0.0


def test_a_line_that_learns_nothing_is_left_alone():
    record = RestRecord(3, "tcp://a", lambda: {"url": "tcp://a", "rests_ms": [(7, 50)]}, lambda _: 1 / 0)
    record.recall(object())
    record.keep(object())
