"""All that a device tells, asked once and now: as polling asks it, in smaller reads where it refuses a large one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from runtime.core.decode.decoder import Decoder
from runtime.core.device.health import DIVISIBLE, HANG_UPS, LOST
from runtime.core.device.values import DeviceValues
from runtime.core.map.normalise import DeviceSettings
from runtime.core.source.query import Query
from runtime.errors import DriverError, LinkDown, NoAnswer, Refused

SILENCES = 2  # reads that it may leave unanswered before it is left alone
Ask = Callable[[Query], bytes]


class OneReading:
    """Asks one device. ``values`` hold what it told; what it refuses has no value.

    ask  one transaction; raises DriverError, and opens its line again when that was lost
    """

    def __init__(self, compiled: Decoder, settings: DeviceSettings, unit: int, ask: Ask) -> None:
        self.values = DeviceValues(compiled, settings)
        self._compiled = compiled
        self._unit = unit
        self._ask = ask
        self._answered: Query | None = None  # the last that it answered well
        self._silences = 0
        self._hang_ups = 0
        self._is_silent = False  # since its last word
        self._trouble: DriverError | None = None  # the first

    def run(self, blocks: Iterable[int] | None = None) -> DeviceValues:
        """Parameters first: others cannot be scaled without them.

        blocks  of the map, all as a rule
        raises  DriverError when it refuses all, or falls silent
        """
        wanted = range(len(self._compiled.blocks)) if blocks is None else blocks
        waiting = deque(sorted(wanted, key=lambda block: self._compiled.blocks[block].kind != "parameter"))
        while waiting:
            waiting.extendleft(reversed(self._read(waiting.popleft())))
        if self._answered is None and self._trouble is not None:
            raise self._trouble
        if self._is_silent and self._answered is not None:
            self._ask(self._answered)  # is it still there, and just has no answer to what was last?
        return self.values

    def _read(self, number: int) -> list[int]:
        """One read. Returns the numbers of those that take its place when it was refused."""
        request = self.values.request(number, self._unit)
        try:
            payload = self._ask(request)
        except DriverError as error:
            divides = self._note(error)
            parts = self.values.split(number) if divides else ()
            if not parts:
                self.values.forget(number)
            return [part.number for part in parts]
        self._answered, self._is_silent = request, False
        self.values.take(number, 0, payload)
        return []

    def _note(self, error: DriverError) -> bool:
        """Whether a smaller read may do. Raises it when the device is to be left alone."""
        self._trouble = self._trouble or error
        if isinstance(error, Refused):
            self._is_silent = False
            return error.code in DIVISIBLE
        if isinstance(error, LinkDown) and error.code == LOST:
            self._hang_ups += 1
            if self._hang_ups <= HANG_UPS:
                return True
        if isinstance(error, NoAnswer) and self._answered is not None:
            self._silences += 1
            self._is_silent = True
            if self._silences <= SILENCES:
                return False
        raise error
