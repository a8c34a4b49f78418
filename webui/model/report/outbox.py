"""Outlets as pages and API show them: what each has delivered, what waits for it and why, who enlisted."""

from __future__ import annotations

from dataclasses import dataclass

from actors.message.outlet import OUTBOX_VIEW, OUTLET_VIEWS, OutboxView, OutletView
from runtime.core.alert.message import Message
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import OutletKind
from webui.model.bridge import Bridge


@dataclass(frozen=True, slots=True)
class OutletState:
    """One outlet.

    kind      None = no loaded plugin offers it
    missing   names of secrets that it needs and does not have
    waiting   messages, the oldest first
    """

    spec: OutletSpec
    kind: OutletKind | None
    view: OutletView
    missing: tuple[str, ...]
    waiting: tuple[Message, ...]
    dropped: int

    @property
    def blocked(self) -> Message | None:
        """What waits longest of that which failed."""
        return next((message for message in self.waiting if message.code), None)

    @property
    def code(self) -> str:
        """Why something does not work, "" = everything does."""
        return self.blocked.code if self.blocked else self.view.code

    @property
    def detail(self) -> str:
        return self.blocked.detail if self.blocked else self.view.detail


def outlet_states(bridge: Bridge) -> list[OutletState]:
    """All of the installation, in its order."""
    box = bridge.views.get(OUTBOX_VIEW, OutboxView())
    return [_state(bridge, spec, box) for spec in bridge.installation().of(OUTLET)]


def _state(bridge: Bridge, spec: OutletSpec, box: OutboxView) -> OutletState:
    kind = bridge.outlets().get(spec.kind)
    view = bridge.views.get(OUTLET_VIEWS.of(spec.id), OutletView(spec.id))
    needed = [name for name in kind.secrets if kind.needs_secret(name, kind.complete(spec.parameters))] if kind else []
    missing = tuple(name for name in needed if name not in view.secrets)
    waiting = tuple(message for message in box.messages if message.outlet == spec.id)
    return OutletState(spec, kind, view, missing, waiting, box.dropped.get(spec.id, 0))
