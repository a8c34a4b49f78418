"""What happened lately, as pages list it: when, to whom, which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runtime.core.clock.timegrid import local
from runtime.core.energy.continuity import AND
from runtime.text.wording import N_
from webui.http.caller import caller
from webui.model.bridge import Bridge

SHOWN = 20
MONTH_MS = 30 * 86_400_000
SERVER, ACCESS = N_("Server"), N_("Access")
ACCESS_SUBJECT = "access"


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """``name`` of the device or gateway, else of the part of the program; ``path`` of its page, "" without one."""

    at: datetime
    name: str
    path: str
    code: str
    detail: str


def recent_events(bridge: Bridge, subject: str = "") -> tuple[RecentEvent, ...]:
    """The newest first. ``subject`` such as device.3, "" = all."""
    now_ms, zone = bridge.clock.now_ms(), bridge.zone
    from_ms = max(0, now_ms - MONTH_MS)
    events = bridge.history.events(from_ms=from_ms, subject=subject, limit=SHOWN, without=withheld_subject())
    return tuple(
        RecentEvent(
            local(event.ts_ms // 1000, zone),
            *_subject_name(bridge, event.subject),
            event.code,
            _shortened(event.code, event.detail),
        )
        for event in events
    )


def _shortened(code: str, detail: str) -> str:
    """Of what happened to many counters at once, one of them."""
    first, *others = detail.split(AND) if code.startswith("counter_") else [detail]
    return f"{first} (+ {len(others)})" if others else first


def withheld_subject() -> str:
    """Subject of the events that the caller may not read: who logs in concerns those who look after users."""
    return "" if caller().may(("server_configuration", "see")) else ACCESS_SUBJECT


def _subject_name(bridge: Bridge, subject: str) -> tuple[str, str]:
    """(name, path) of whom it happened to."""
    kind, _, id = subject.partition(".")
    installation = bridge.installation()
    number = int(id) if id.isascii() and id.isdigit() else 0
    if kind == "device" and (device := installation.device(number)):
        return device.name, f"/devices/{device.id}"
    if kind in ("gateway", "bus") and (gateway := installation.gateway(number)):
        return gateway.name, "/gateways"
    return {"server": (SERVER, ""), ACCESS_SUBJECT: (ACCESS, "")}.get(subject, (subject, ""))
