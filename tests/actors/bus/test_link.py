from actors.bus.link import REOPEN_MOST_S, Link
from actors.message.device import LinkChanged
from runtime.errors import LinkDown
from tests.actors.stage import ManualClock

REFUSED = LinkDown("link_refused", "refused")


class Source:
    def __init__(self):
        self.error, self.tried = None, 0

    def open(self):
        self.tried += 1
        if self.error is not None:
            raise self.error


class Scene:
    def __init__(self):
        self.clock, self.source, self.told, self.noted = ManualClock(), Source(), [], 0
        self.link = Link(self.clock, lambda: 0.0, self.told.append, self._note)

    def _note(self):
        self.noted += 1

    def open(self):
        return self.link.open(self.source, self.clock.monotonic())


def test_it_says_once_that_it_is_up():
    scene = Scene()
    assert scene.link.is_up is None
    assert scene.open() and scene.open()
    assert [message.up for message in scene.told] == [True]


def test_it_is_tried_less_and_less_often_while_it_is_down_and_told_once():
    scene = Scene()
    scene.source.error = REFUSED
    waits_s = []
    for _ in range(12):
        assert not scene.open()
        waits_s.append(scene.link.open_at - scene.clock.monotonic())
        assert not scene.open()
        scene.clock.advance_to(scene.link.open_at)
    assert scene.source.tried == 12
    assert waits_s == sorted(waits_s) and waits_s[-1] <= REOPEN_MOST_S
    assert scene.told == [LinkChanged(scene.told[0].ts_ms, False, "link_refused", "refused")]


def test_another_reason_is_told_and_lasts_since_the_first():
    scene = Scene()
    scene.link.fail(REFUSED)
    since_ms = scene.link.trouble.since_ms
    scene.clock.advance(60)
    scene.link.fail(LinkDown("link_timeout", "nothing"))
    assert (scene.link.trouble.code, scene.link.trouble.since_ms) == ("link_timeout", since_ms)
    assert len(scene.told) == 2 and scene.link.error().code == "link_timeout"


def test_once_it_is_back_it_may_be_opened_at_once_again():
    scene = Scene()
    scene.link.fail(REFUSED)
    scene.clock.advance(60)
    assert scene.open()
    assert (scene.link.is_up, scene.link.error(), scene.link.open_at) == (True, None, 0.0)


def test_what_nobody_needs_is_neither_up_nor_down():
    scene = Scene()
    scene.open()
    scene.link.let_go()
    assert scene.link.is_up is None and scene.noted == 2


def test_many_links_that_went_together_come_back_spread_over_a_while():
    clock, at = ManualClock(), []
    for number in range(100):
        link = Link(clock, lambda number=number: number / 100, lambda _: None, lambda: None)
        for _ in range(6):
            link.fail(LinkDown("link_refused", "no"))
        at.append(link.open_at - clock.monotonic())
    assert max(at) - min(at) > 0.2 * max(at)
    assert len({round(each, 2) for each in at}) > 90
