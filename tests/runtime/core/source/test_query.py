from runtime.core.source.query import Expected


def test_nothing_is_sent_for_what_comes_by_itself():
    frames = Expected(3, "index", 10.0)
    assert frames.sent() == b"" and not frames.is_write
    assert set(frames.describe().values()) == {None}


def test_a_frame_is_shown_as_it_came():
    assert Expected(3).received(b"12045", "") == b"12045"
    assert Expected(3).received(None, "frame_silent") is None
