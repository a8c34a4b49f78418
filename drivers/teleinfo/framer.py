"""The framer of meters: telegrams out of a stream, as frames for the decoders of both modes."""

from __future__ import annotations

from collections.abc import Iterator

from drivers.api import BadAnswer, Frame
from runtime.core.tic.agreement import Agreement
from runtime.core.tic.cutter import Cutter
from runtime.core.tic.label import HISTORIQUE
from runtime.core.tic.telegram import OVERRUNS, Telegram, pack, read_telegram

UNIT = 1  # one meter on a wire
OVERRUN = "overrun"


class TicFramer:
    """The ``Framer`` of one connection to a meter.

    Frames are called by their mode, ``historique`` or ``standard``. Currents above the subscription, which stand in few
    telegrams and in short ones of their own, are frames called ``overrun``, one whenever they change.
    """

    def __init__(self) -> None:
        self._cutter, self._agreement = Cutter(), Agreement()
        self._overrun: Telegram | None = None  # the newest that was given

    def take(self, data: bytes) -> list[Frame | BadAnswer]:
        cut: list[Frame | BadAnswer] = []
        for each in self._cutter.take(data):
            try:
                if not isinstance(each, bytes):
                    raise each
                cut.extend(self._frames(read_telegram(each)))
            except ValueError as error:
                cut.append(BadAnswer("frame_damaged", str(error)))
        return cut

    def _frames(self, telegram: Telegram) -> Iterator[Frame]:
        if telegram.mode == HISTORIQUE:
            groups = {label: group for label, group in telegram.groups.items() if label in OVERRUNS}
            overrun = Telegram(HISTORIQUE, groups)
            if overrun != self._overrun:
                self._overrun = overrun
                yield Frame(UNIT, OVERRUN, pack(overrun))
        if not telegram.is_short:
            yield Frame(UNIT, telegram.mode, pack(self._agreement.settle(telegram)))
