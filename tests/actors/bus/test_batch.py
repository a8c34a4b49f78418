from actors.bus.batch import BATCH_S, Batch
from actors.message.device import BlockRead


def read(block: int, ts_ms: int) -> BlockRead:
    return BlockRead(7, block, ts_ms, 5, b"")


def test_what_is_read_is_handed_over_after_a_while_the_newest_of_each_block():
    posted: list[BlockRead] = []
    batch = Batch(posted.append)
    batch.add(read(0, 1), 10.0)
    batch.add(read(1, 2), 10.04)
    batch.add(read(0, 3), 10.08)
    assert posted == []
    batch.add(read(0, 4), 10.01 + BATCH_S)
    assert posted == [read(0, 4), read(1, 2)]
    batch.add(read(0, 5), 10.2)
    assert len(posted) == 2


def test_what_somebody_waits_for_is_handed_over_at_once_and_what_was_read_before_with_it():
    posted: list[BlockRead] = []
    batch = Batch(posted.append)
    batch.add(read(0, 1), 10.0)
    batch.add(read(1, 2), 10.01, at_once=True)
    assert posted == [read(0, 1), read(1, 2)]


def test_before_something_else_it_is_handed_over_and_once():
    posted: list[BlockRead] = []
    batch = Batch(posted.append)
    batch.add(read(0, 1), 10.0)
    batch.hand_over()
    batch.hand_over()
    assert posted == [read(0, 1)]


def test_of_a_block_that_was_read_before_and_after_the_end_of_a_minute_both_are_handed_over():
    posted: list[BlockRead] = []
    batch = Batch(posted.append)
    for ts_ms in (59_900, 59_950, 60_000, 60_040):
        batch.add(read(0, ts_ms), 10.0)
    batch.hand_over()
    assert posted == [read(0, 59_950), read(0, 60_040)]
