"""Whether one device answers, what it refuses, and whether it is the one that was configured."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.core.view import Trouble

FAILURES_SHOWN = 2  # failed polls in a row that make a communication error
DIVISIBLE = ("exception_2", "exception_3")  # a smaller read may do
LOST = "link_lost"  # by a device that hangs up at what it does not have, or by anything between
LOSSES = 5  # so often in a row before a device that never said a word is taken for one
SILENT, SILENCES = "no_answer", 3  # so often in vain, while it answers other reads
HANG_UPS = 8  # so often a smaller read is tried after that: each costs a connection
MISCONFIGURED = ("exception_1", "exception_2", "exception_3")  # asking again changes nothing: wrong model or map


class DeviceHealth:
    """``state`` is "unknown", "on", "communication_error" or "configuration_error"; ``trouble`` says why.

    doubt       why it seems to be another device than the one configured
    distrusted  that is sure: what it tells is not believed
    """

    def __init__(self) -> None:
        self.state = "unknown"
        self.trouble: Trouble | None = None
        self.doubt: Trouble | None = None
        self.distrusted = False
        self._failures = 0
        self._refused: dict[int, Trouble] = {}  # by number of the read

    def answered(self, number: int, active: Sequence[int]) -> None:
        """A good answer to one of the reads that are ``active``."""
        if self._failures or self._refused or self.state != "on":
            self._refused.pop(number, None)
            self._judge(active)

    def refused(self, number: int, trouble: Trouble, active: Sequence[int]) -> None:
        """It answers, but not this."""
        self._refused.setdefault(number, trouble)
        self._judge(active)

    def failed(self, trouble: Trouble) -> None:
        """No answer, or not a proper one."""
        self._failures += 1
        if self._failures >= FAILURES_SHOWN:
            self._ail("communication_error", trouble)

    def cut_off(self, trouble: Trouble) -> None:
        """The link to it is down."""
        self._failures = FAILURES_SHOWN
        self._ail("communication_error", trouble)

    def suspect(self, doubt: Trouble | None, active: Sequence[int], *, sure: bool) -> bool:
        """It seems to be another device than the one configured; None = it is the right one.

        Returns whether it is believed otherwise than before.
        """
        before, self.doubt = self.distrusted, doubt
        self.distrusted = doubt is not None and sure
        self._judge(active)
        return self.distrusted != before

    def _judge(self, active: Sequence[int]) -> None:
        """It answers: what it refuses is shown beside that, and is a fault of the configuration when it refuses all."""
        self._failures = 0
        refusal = next(iter(self._refused.values()), None)
        if len(self._refused) == len(active):
            self._ail("configuration_error", self.doubt or refusal)
        elif self.distrusted:
            self._ail("configuration_error", self.doubt)
        else:
            self.state, self.trouble = "on", self.doubt or refusal

    def _ail(self, state: str, trouble: Trouble | None) -> None:
        """The same trouble keeps the time since when it lasts."""
        same = self.trouble is not None and trouble is not None and self.trouble.code == trouble.code
        if not (same and self.state == state):
            self.state, self.trouble = state, trouble
