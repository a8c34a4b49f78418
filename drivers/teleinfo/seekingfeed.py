"""A meter on a serial port whose mode nobody stated: each speed is tried until a telegram comes out whole."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.api import BadAnswer, Clock, Feed, Frame

LISTEN_S = 6.0  # at one speed; the longest telegram takes 2 s, and the first one is never whole


class SeekingFeed:
    """The ``Feed`` of one port that can be opened in several ways. The way that was right stays until nothing comes.

    feeds  one a way; one at a time is open
    """

    def __init__(self, feeds: Sequence[Feed], clock: Clock) -> None:
        self._feeds, self._clock = tuple(feeds), clock
        self._number = 0  # of the way in use
        self._is_right = False  # it brought a whole telegram
        self._barren = 0  # ways in a row that brought none
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._feeds[self._number].is_open

    def open(self) -> None:
        self._feeds[self._number].open()
        self._until = self._clock.monotonic() + LISTEN_S

    def hear(self, timeout_s: float) -> Frame | None:
        """As a feed's; damage counts where telegrams came, or once all ways were tried."""
        try:
            frame = self._feeds[self._number].hear(timeout_s)
        except BadAnswer:
            counts = self._is_right or self._barren >= len(self._feeds)
            self._go_on()
            if counts:
                raise
            return None
        if frame is None:
            self._go_on()
        else:
            self._is_right, self._barren = True, 0
            self._until = self._clock.monotonic() + LISTEN_S
        return frame

    def hang_up(self) -> None:
        self._feeds[self._number].hang_up()

    def close(self) -> None:
        for feed in self._feeds:
            feed.close()

    def _go_on(self) -> None:
        """To the next way once this one had its time. Raises LinkDown when the port does not open that way."""
        if self._clock.monotonic() < self._until:
            return
        self._feeds[self._number].hang_up()
        self._number = (self._number + 1) % len(self._feeds)
        self._is_right = False
        self._barren += 1
        self.open()
