"""The open alarms of a site, followed from one look at its conditions to the next.

condition            alarm there is            becomes
present              none                      raised, once it lasted as long as its kind asks
present              active                    stays
present              over since < FLAP_S       the same one again, counted
absent for CLEAR_S   active                    cleared
absent for FLAP_S    active, began FLAPS times cleared: until then it flaps
not known            any                       stays
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.alarm.kind import KINDS

CLEAR_S = 10.0
FLAP_S = 600.0
FLAPS = 3
OPEN_MOST = 2000  # remembered; of more, those that are over and were never acknowledged stay in the list only


class Alarms:
    """Each step returns the alarms that it changed, new ones too. ``now`` is monotonic seconds.

    kept     alarms that the last incarnation left open, or that were over not long ago
    last_id  the highest that was ever given
    """

    def __init__(self, kept: Iterable[Alarm] = (), last_id: int = 0) -> None:
        self._alarms: dict[int, Alarm] = {alarm.id: alarm for alarm in kept}
        self._by_cause: dict[Cause, int] = {alarm.cause: alarm.id for alarm in self._alarms.values()}
        self._last_id = max(last_id, *self._alarms, 0)
        self._present_since: dict[Cause, float] = {}
        self._absent_since: dict[Cause, float] = {}

    @property
    def open(self) -> tuple[Alarm, ...]:
        """The newest first."""
        return tuple(sorted((each for each in self._alarms.values() if each.is_open), key=lambda each: -each.last_ms))

    def look(self, conditions: Conditions, now_ms: int, now: float) -> list[Alarm]:
        """What the conditions of this moment change."""
        present = conditions.present
        for cause in self._present_since.keys() - present.keys():
            del self._present_since[cause]
        changed = [alarm for cause in present if (alarm := self._appear(cause, present[cause], now_ms, now))]
        changed += self._end(present, conditions.unread, now_ms, now)
        self._forget(now_ms)
        return changed

    def acknowledge(self, ids: Iterable[int], by: str, word: str, now_ms: int) -> list[Alarm]:
        """Those of the open ones that nobody had acknowledged yet."""
        wanted = [self._alarms[id] for id in ids if id in self._alarms and not self._alarms[id].acknowledged_ms]
        return [self._keep(replace(alarm, acknowledged_ms=now_ms, acknowledged_by=by, word=word)) for alarm in wanted]

    def _appear(self, cause: Cause, detail: str, now_ms: int, now: float) -> Alarm | None:
        absent_since = self._absent_since.pop(cause, now)
        alarm = self._alarms.get(self._by_cause.get(cause, 0))
        if alarm is not None and alarm.is_active:
            again = now - absent_since >= CLEAR_S  # it flaps, else it would have been cleared
            return self._keep(replace(alarm, last_ms=now_ms, times=alarm.times + 1)) if again else None
        since = self._present_since.setdefault(cause, now)
        if now - since < KINDS[cause.kind].hold_s:
            return None
        if alarm is not None and now_ms - alarm.cleared_ms < FLAP_S * 1000:
            return self._keep(replace(alarm, cleared_ms=0, last_ms=now_ms, times=alarm.times + 1, detail=detail))
        self._last_id += 1
        return self._keep(Alarm(self._last_id, cause, now_ms, now_ms, detail))

    def _end(self, present: Mapping[Cause, str], unread: frozenset[str], now_ms: int, now: float) -> list[Alarm]:
        """Of the active ones those whose condition has been absent for long enough."""
        ended = []
        for alarm in [each for each in self._alarms.values() if each.is_active and each.cause not in present]:
            cause = alarm.cause
            if cause.subject in unread and KINDS[cause.kind].is_read:
                self._absent_since.pop(cause, None)
                continue
            since = self._absent_since.setdefault(cause, now)
            if now - since >= (FLAP_S if alarm.times >= FLAPS else CLEAR_S):
                del self._absent_since[cause]
                ended.append(self._keep(replace(alarm, cleared_ms=now_ms)))
        return ended

    def _keep(self, alarm: Alarm) -> Alarm:
        self._alarms[alarm.id] = alarm
        self._by_cause[alarm.cause] = alarm.id
        return alarm

    def _forget(self, now_ms: int) -> None:
        """Those that can neither come again nor wait for anybody; of too many the oldest that are over."""
        over = [each for each in self._alarms.values() if now_ms - each.cleared_ms >= FLAP_S * 1000 and each.cleared_ms]
        settled = [each for each in over if not each.is_open]
        waiting = sorted((each for each in over if each.is_open), key=lambda each: each.last_ms)
        too_many = max(0, len(self._alarms) - len(settled) - OPEN_MOST)
        for alarm in (*settled, *waiting[:too_many]):
            del self._alarms[alarm.id]
            if self._by_cause.get(alarm.cause) == alarm.id:
                del self._by_cause[alarm.cause]
