"""The owner of alarms: looks each second at what the parts of the site show, and keeps what became of it.

What changes is written by the recorder, together with the messages that it causes; a look whose records it refuses is
written with the next. A message is begun only when that is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from actors.alarm.dispatch import Dispatch
from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import Forwarded, answer, describe_restart, refuse
from actors.message.alarm import ALARMS_VIEW, AcknowledgeAlarms, AlarmsView, SetMaintenance
from actors.message.device import Begin, EventReported, KeepRecords
from actors.message.outlet import OUTBOX_VIEW, Deliver, DeliveryEnded, RetryDelivery, SendNote, outlet_name
from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import Alarms
from runtime.core.alarm.condition import Cause
from runtime.core.alarm.reporting import Recipients
from runtime.core.alarm.sitewatch import SiteWatch
from runtime.core.alarm.switching import Switching
from runtime.core.alert.message import Message
from runtime.core.alert.outbox import Outbox
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.threshold.passing import Thresholds
from runtime.store.object.alarms import Record, alarm_records, maintenance_record

LOOK_S = 1.0

Kept = tuple[Alarms, Mapping[str, int], Outbox]


@dataclass(frozen=True, slots=True)
class _Look:
    """How is it now? Alarms -> itself."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """These are on disk, or cannot be for now. Recorder -> alarms, by the reply box."""

    begun: tuple[Message, ...]


Inbox = Begin | AcknowledgeAlarms | SetMaintenance | SendNote | DeliveryEnded | RetryDelivery | _Kept | _Look


class AlarmsActor(Actor):
    """Named ``alarms``. Publishes ``AlarmsView`` and ``OutboxView``.

    load        reads what is kept: alarms, what is in maintenance, the outbox
    recipients  of an outlet that knows them itself; None = those that an alert names
    consumed    conditions of what the site consumes: budgets, leaks
    """

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType(
        {AcknowledgeAlarms: COMMAND, SetMaintenance: COMMAND, _Look: IDLE}
    )

    def __init__(
        self,
        incarnation: Incarnation,
        load: Callable[[], Kept],
        recipients: Recipients,
        consumed: Callable[[Installation], Mapping[Cause, str]] = lambda site: {},
    ) -> None:
        super().__init__(incarnation)
        self._load, self._recipients, self._consumed = load, recipients, consumed
        self._alarms, self._maintained = Alarms(), dict[str, int]()
        self._thresholds, self._switching = Thresholds(), Switching()
        self._dispatch = Dispatch(Outbox(), (), recipients)
        self._unwritten: dict[int, Alarm] = {}
        self._unsent: tuple[Record, ...] = ()
        self._version = 0

    def on_receive(self, message: Inbox) -> None:
        match message:
            case Begin():
                self._alarms, maintained, outbox = self._load()
                self._maintained = dict(maintained)
                self._dispatch = Dispatch(outbox, self._alarms.open, self._recipients)
                self._publish()
                self.post_self(_Look())
            case _Look():
                self._look()
                self.post_later(LOOK_S, _Look())
            case AcknowledgeAlarms():
                self._acknowledge(message)
            case SetMaintenance():
                self._maintain(message)
            case SendNote():
                self._dispatch.note(message, self._site(), self.clock.now_ms())
                self._write([], reply=message.reply)
            case DeliveryEnded():
                self._write([], tuple(self._dispatch.end(message, self.clock.now_ms())))
            case RetryDelivery():
                self._dispatch.retry(message.outlet)
                self._write([])
            case _Kept(begun=begun):
                for each in begun:
                    self.post(outlet_name(each.outlet), Deliver(each))
            case _:
                assert_never(message)

    def _look(self) -> None:
        now_ms = self.clock.now_ms()
        self._end_maintenance(now_ms // 1000)
        site, views, now = self._site(), self.incarnation.views, self.clock.monotonic()
        watch = SiteWatch(site, views, self._maintained, self._thresholds, now_ms // 1000, now)
        changed = self._alarms.look(watch.conditions(self._consumed(site)), now_ms, now)
        self._dispatch.report(changed, site, now_ms)
        switched = [each for each in self._switching.look(site, views) if watch.is_watched(f"device.{each[0]}")]
        self._dispatch.switched(switched, site, now_ms)
        self._write(changed, tuple(self._dispatch.expire(site, now_ms)))
        if changed:
            self._publish()

    def _site(self) -> Installation:
        return self.incarnation.views.get(INSTALLATION_VIEW, Installation())

    def _end_maintenance(self, now_ts: int) -> None:
        over = [subject for subject, until_ts in self._maintained.items() if until_ts <= now_ts]
        for subject in over:
            del self._maintained[subject]
            self.post("recorder", KeepRecords((maintenance_record(subject, 0),)))
        if over:
            self._publish()

    def _write(self, changed: list[Alarm], events: tuple[EventReported, ...] = (), reply: Any = None) -> None:
        """Alarms and the messages of them in one transaction; then what is begun may leave."""
        begun = tuple(self._dispatch.begin(self._site(), self.clock.now_ms()))
        self._unwritten |= {alarm.id: alarm for alarm in changed}
        messages = self._dispatch.changes()
        self._unsent += messages
        if not (self._unwritten or self._unsent or events or reply is not None):
            return
        records = (*alarm_records(self._unwritten.values()), *self._unsent)
        if self.post("recorder", KeepRecords(records, events)):
            self._unwritten, self._unsent = {}, ()
        if reply is not None and not self.post("recorder", KeepRecords((), (), reply)):
            refuse(reply, describe_restart("recorder"))
        if begun:
            self._wait_for(begun)
        if messages:
            self.publish(OUTBOX_VIEW, self._dispatch.view)

    def _wait_for(self, begun: tuple[Message, ...]) -> None:
        """What a full disk refuses leaves all the same: that it is full is what people have to know."""
        kept = _Kept(begun)
        reply: Any = Forwarded(lambda _: self.post_self(kept), lambda _: self.post_self(kept))
        if not self.post("recorder", KeepRecords((), (), reply)):
            self.post_self(kept)

    def _acknowledge(self, asked: AcknowledgeAlarms) -> None:
        now_ms = self.clock.now_ms()
        seen = self._alarms.acknowledge(asked.ids, asked.by, asked.word, now_ms)
        if not seen:
            answer(asked.reply, True)
            return
        events = tuple(
            EventReported(now_ms, alarm.cause.subject, "alarm_acknowledged", _describe(alarm)) for alarm in seen
        )
        if not self._keep(tuple(alarm_records(seen)), events, asked.reply):
            self._unwritten |= {alarm.id: alarm for alarm in seen}  # it holds all the same
        self._publish()

    def _maintain(self, asked: SetMaintenance) -> None:
        if asked.until_ts:
            self._maintained[asked.subject] = asked.until_ts
        else:
            self._maintained.pop(asked.subject, None)
        code = "maintenance_begun" if asked.until_ts else "maintenance_ended"
        event = EventReported(self.clock.now_ms(), asked.subject, code, f"by {asked.by}")
        self._keep((maintenance_record(asked.subject, asked.until_ts),), (event,), asked.reply)
        self._publish()

    def _keep(self, records: tuple[Record, ...], events: tuple[EventReported, ...], reply: Any) -> bool:
        """``reply`` is filled by the recorder, once it is on disk. Whether there is a recorder."""
        posted = self.post("recorder", KeepRecords(records, events, reply))
        if not posted:
            refuse(reply, describe_restart("recorder"))
        return posted

    def _publish(self) -> None:
        self._version += 1
        self.publish(OUTBOX_VIEW, self._dispatch.view)
        self.publish(ALARMS_VIEW, AlarmsView(self._alarms.open, dict(self._maintained), self._version))


def _describe(alarm: Alarm) -> str:
    word = f": {alarm.word}" if alarm.word else ""
    return f"{alarm.cause.kind} by {alarm.acknowledged_by}{word}"
