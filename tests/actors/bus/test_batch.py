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
