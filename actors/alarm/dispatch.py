"""What the owner of alarms does with the outbox: alarms become messages, messages leave, what came of it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from actors.message.device import EventReported
from actors.message.outlet import DeliveryEnded, OutboxView, SendNote, outlet_name
from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.kind import KINDS
from runtime.core.alarm.reporting import Recipients, Reported, addressed, entry_of, switched_entry
from runtime.core.alert.classes import STATE_CHANGE
from runtime.core.alert.message import NOTE, Entry, Message
from runtime.core.alert.outbox import Outbox
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import DeliveryFailed
from runtime.secret.secrets import KIND as SECRET
from runtime.store.object.alarms import Record
from runtime.store.object.chats import KIND as CHATS
from runtime.store.object.outbox import message_records


class Dispatch:
    """Lives in the thread of its owner. ``changes`` are the records that its steps left to be kept."""

    def __init__(self, outbox: Outbox, active: Iterable[Alarm], recipients: Recipients) -> None:
        self._outbox, self._recipients = outbox, recipients
        self._reported = Reported(active)
        self._changed: dict[int, Message | None] = {}  # None = it goes
        self._dropped: Counter[int] = Counter()
        self._specs: tuple[OutletSpec, ...] | None = None
        self._erased: tuple[Record, ...] = ()

    @property
    def view(self) -> OutboxView:
        return OutboxView(self._outbox.messages, dict(self._dropped))

    def changes(self) -> tuple[Record, ...]:
        """Each once."""
        changed, self._changed = self._changed, {}
        erased, self._erased = self._erased, ()
        gone = [id for id, message in changed.items() if message is None]
        return (*message_records((each for each in changed.values() if each is not None), gone), *erased)

    def report(self, changed: Iterable[Alarm], site: Installation, now_ms: int) -> None:
        """Alarms that began or ended, to whom it concerns."""
        for alarm, state in self._reported.news(changed):
            self._add(KINDS[alarm.cause.kind].group, entry_of(alarm, state, site), site, now_ms)

    def switched(self, changed: Iterable[tuple[int, str]], site: Installation, now_ms: int) -> None:
        """(device, code of the event) of what was opened or closed, to those who want notices."""
        for device, code in changed:
            self._add(STATE_CHANGE, switched_entry(device, code, site, now_ms), site, now_ms)

    def note(self, asked: SendNote, site: Installation, now_ms: int) -> None:
        """What a rule has to say."""
        outlet = next((each for each in site.of(OUTLET) if each.id == asked.outlet and each.on), None)
        if outlet is None:
            return
        named = self._recipients(outlet)
        entry = Entry(f"{asked.key}.{now_ms}", NOTE, now_ms, now_ms, text=asked.text)
        for recipient in asked.recipients if named is None else named:
            self._keep(self._outbox.add((outlet.id, recipient), asked.subject, entry, now_ms))

    def begin(self, site: Installation, now_ms: int) -> list[Message]:
        """Messages that are to leave as soon as they are kept."""
        specs = site.of(OUTLET)
        if specs != self._specs:
            self._follow(specs)
        begun = self._outbox.begin(now_ms, frozenset(spec.id for spec in specs if spec.on))
        for message in begun:
            self._keep(message)
        return begun

    def expire(self, site: Installation, now_ms: int) -> Iterator[EventReported]:
        """Drop what nobody can use any more."""
        for message in self._outbox.expire(now_ms, frozenset(spec.id for spec in site.of(OUTLET))):
            yield self._drop(message, "message_expired", message.code, now_ms)

    def end(self, ended: DeliveryEnded, now_ms: int) -> Iterator[EventReported]:
        """What a delivery came to."""
        message, error = ended.message, ended.error
        to = (message.outlet, message.recipient)
        if error is not None and not (isinstance(error, DeliveryFailed) and error.is_final):
            wait_ms = round(error.wait_s * 1000) if isinstance(error, DeliveryFailed) else 0
            failed = self._outbox.fail(to, message.id, error.code, error.message, now_ms, wait_ms)
            if failed is not None:
                self._keep(failed)
            return
        gone = self._outbox.end(to, message.id)
        if gone is None:
            return
        if error is None:
            self._changed[gone.id] = None
        else:
            yield self._drop(gone, "message_refused", f"{error.code}: {error.message}", now_ms)

    def retry(self, outlet: int) -> None:
        """Its settings were changed: what waits is tried at once."""
        for message in self._outbox.retry(outlet):
            self._keep(message)

    def _add(self, group: str, entry: Entry, site: Installation, now_ms: int) -> None:
        who = addressed(group, entry.severity, site, self._recipients, now_ms, zone_of(site))
        for to, subject, wait_ms in who:
            self._keep(self._outbox.add(to, subject, entry, now_ms, wait_ms))

    def _follow(self, specs: tuple[OutletSpec, ...]) -> None:
        before = {spec.id: spec for spec in self._specs or ()}
        self._specs = specs
        for id in before.keys() - {spec.id for spec in specs}:
            self._erased += (SECRET, outlet_name(id), None), (CHATS, id, None)
        for spec in specs:
            if spec.id in before and before[spec.id] != spec:
                self.retry(spec.id)

    def _drop(self, message: Message, code: str, detail: str, now_ms: int) -> EventReported:
        self._changed[message.id] = None
        self._dropped[message.outlet] += 1
        count = len(message.entries) + message.more
        return EventReported(now_ms, "server", code, f"outlet {message.outlet}, {count} entries: {detail}"[:300])

    def _keep(self, message: Message) -> None:
        self._changed[message.id] = message
