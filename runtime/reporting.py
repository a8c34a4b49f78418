"""Children that report and act: the owner of alarms and of the outbox, outlets, the owner of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from actors.alarm.alarms import AlarmsActor, Kept
from actors.alarm.consumption import ConsumptionWatch
from actors.alarm.powerquality import PowerQualityWatch
from actors.automation.automations import KIND as RULES
from actors.automation.automations import Automations, Output
from actors.automation.automations import Kept as KeptRule
from actors.mailbox.incarnation import Incarnation
from actors.message.outlet import outlet_name
from actors.outlet.outlet import OutletActor
from actors.supervision.childspec import ChildSpec
from runtime.clock import Clock
from runtime.core.alarm.certificate import certificate_causes
from runtime.core.alarm.condition import Cause
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import CHATS, ITSELF
from runtime.core.automation.spec import switch_values
from runtime.core.site.installation import Installation
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import Plugins
from runtime.secret.secrets import Secrets
from runtime.store.env import Store
from runtime.store.history import History
from runtime.store.object.alarms import load_alarms
from runtime.store.object.chats import load_chats
from runtime.store.object.outbox import load_outbox
from runtime.text.language import Catalogues
from runtime.text.letter import LetterWriter

OUTLET_S = 120.0  # a delivery, and a name server that does not answer before it


class ReportingChildren:
    """Of one server. ``take`` what the plugins offer, then ask for the ``children`` of an installation.

    passwords         and tokens of outlets
    certificate_ends  UTC seconds, None = it is no concern
    """

    def __init__(
        self, store: Store, clock: Clock, passwords: Secrets, certificate_ends: Callable[[], int | None]
    ) -> None:
        self._certificate_ends = certificate_ends
        self._store, self._clock, self._passwords = store, clock, passwords
        self._letters = LetterWriter(Catalogues(), clock.now_ts)

    def take(self, plugins: Plugins, maps: Maps) -> None:
        """From now on these."""
        self._plugins, self._maps = plugins, maps

    def children(self, site: Installation) -> list[ChildSpec]:
        """In the order of their start: outlets first, so that no message finds nobody."""
        outlets = [self._outlet(each) for each in site.of(OUTLET) if each.kind in self._plugins.outlets]
        return [*outlets, ChildSpec("alarms", self._alarms), ChildSpec("automations", self._automations)]

    def _alarms(self, incarnation: Incarnation) -> AlarmsActor:
        def load() -> Kept:
            now_ms = self._clock.now_ms()
            return (*load_alarms(self._store, now_ms), load_outbox(self._store, now_ms // 1000))

        history, clock = History(self._store), incarnation.clock
        consumption = ConsumptionWatch(history, clock)
        quality = PowerQualityWatch(history, clock, incarnation.views)

        def watched(site: Installation) -> Mapping[Cause, str]:
            certificate = certificate_causes(self._certificate_ends(), clock.now_ts())
            return {**consumption.causes(site), **quality.causes(site), **certificate}

        return AlarmsActor(incarnation, load, self._recipients, watched)

    def _recipients(self, outlet: OutletSpec) -> tuple[str, ...] | None:
        kind = self._plugins.outlets.get(outlet.kind)
        if kind is None or kind.addressing == ITSELF:
            return ("",) if kind else ()
        return load_chats(self._store, outlet.id).on if kind.addressing == CHATS else None

    def _automations(self, incarnation: Incarnation) -> Automations:
        def load() -> dict[int, KeptRule]:
            records = self._store.records.all(RULES)
            return {int(rule): KeptRule(**record) for rule, record in records.items()}

        return Automations(incarnation, load, self._output_of)

    def _output_of(self, device: int, command: str) -> Output | None:
        decoder = self._maps.of.get(device)
        row = decoder.commands.get(command) if decoder is not None else None
        pair = switch_values(row.choices) if row is not None else None
        return Output(*pair, row.read_back or row.quantity) if row is not None and pair is not None else None

    def _outlet(self, spec: OutletSpec) -> ChildSpec:
        kind, owner = self._plugins.outlets[spec.kind], outlet_name(spec.id)

        def make(incarnation: Incarnation) -> OutletActor:
            passwords, chats = partial(self._passwords.of, owner), partial(load_chats, self._store, spec.id)
            return OutletActor(incarnation, spec, kind, passwords, chats, self._letters)

        return ChildSpec(owner, make, kind="outlet", part=spec, stuck_s=OUTLET_S)
