from runtime.core.wire.doubt import DISTRUSTED, REPEAT_S, Doubts

SHAPE = b"\x05\x03\x14"
OTHER = b"\x06\x03\x14"
ONE, TWO = SHAPE + b"one", SHAPE + b"two"


def test_an_answer_of_the_shape_of_one_that_was_missed_is_suspect_for_long():
    doubts = Doubts(2.0)
    doubts.missed(SHAPE, 100.0)
    assert doubts.is_suspect(SHAPE, 100.0 + 2.0 * DISTRUSTED - 0.1)
    assert not doubts.is_suspect(OTHER, 100.0)
    assert not doubts.is_suspect(SHAPE, 100.0 + 2.0 * DISTRUSTED)


def test_once_what_was_missed_has_come_nothing_is_suspect():
    doubts = Doubts(2.0)
    doubts.missed(SHAPE, 100.0)
    doubts.missed(SHAPE, 101.0)
    assert not doubts.strayed(SHAPE, ONE)
    assert doubts.is_suspect(SHAPE, 102.0)
    assert not doubts.strayed(SHAPE, ONE)
    assert not doubts.is_suspect(SHAPE, 102.0)


def test_the_same_bytes_as_those_of_a_moment_ago_are_a_repetition():
    doubts = Doubts(2.0)
    doubts.accepted("a", SHAPE, ONE, 100.0)
    assert doubts.repeats("b", SHAPE, ONE, 100.2)
    assert not doubts.repeats("b", SHAPE, TWO, 100.2)
    assert not doubts.repeats("b", SHAPE, ONE, 100.0 + REPEAT_S)
    doubts.accepted("a", SHAPE, TWO, 100.1)
    assert doubts.repeats("a", SHAPE, ONE, 100.2)


def test_two_requests_that_are_always_answered_alike_are_asked_about_once():
    doubts = Doubts(2.0)
    doubts.accepted("a", SHAPE, ONE, 100.0)
    doubts.accepted("b", SHAPE, ONE, 100.1)
    doubts.accepted("a", SHAPE, ONE, 100.2)
    assert not doubts.repeats("b", SHAPE, ONE, 100.3)


def test_a_frame_that_nobody_asked_for_makes_the_last_answer_of_its_unit_suspect():
    doubts = Doubts(2.0)
    doubts.accepted("a", SHAPE, ONE, 100.0)
    assert not doubts.strayed(SHAPE, ONE)  # the same once more
    assert doubts.strayed(SHAPE, TWO)
    assert doubts.take_stray() == {5}
    assert doubts.take_stray() == set()


def test_a_frame_of_a_unit_that_was_never_asked_says_nothing():
    assert not Doubts(2.0).strayed(OTHER, OTHER + b"...")


def test_a_probe_has_another_shape_than_all_that_may_still_come():
    doubts = Doubts(2.0)
    doubts.missed(SHAPE, 100.0)
    doubts.accepted("a", b"\x05\x03\x02", b"\x05\x03\x02..", 100.0)
    assert doubts.expected(5, 100.1) == {SHAPE, b"\x05\x03\x02"}
    assert doubts.expected(5, 100.0 + REPEAT_S) == {SHAPE}
    assert doubts.expected(6, 100.1) == set()


def test_memory_is_bounded():
    doubts = Doubts(2.0)
    for number in range(2000):
        doubts.accepted(number, SHAPE, SHAPE + number.to_bytes(2, "big"), 100.0)
        doubts.missed(number.to_bytes(3, "big"), number * 1.0)
    assert len(doubts._answers[SHAPE]) <= 64
    assert len(doubts._newest) <= 1024
    assert len(doubts._missing) <= 1024
