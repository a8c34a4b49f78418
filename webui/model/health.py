"""Whether the server does what it should."""

from __future__ import annotations

from runtime.core.view import SAFE_MODE_VIEW
from webui.model.bridge import Bridge

LATE_MS = 60_000  # a due slot that waits longer for its commit


UNWELL = ("stuck", "quarantined", "abandoned")  # states of a supervised part that is not at work


def health_of(bridge: Bridge) -> str:
    """``starting`` until there is a recorder; ``degraded`` when it, a backup, a gateway or a device is in trouble."""
    recorder = bridge.recorder()
    if recorder is None:
        return "starting"
    safe = bridge.views.get(SAFE_MODE_VIEW, None) is not None
    late = recorder.due_since_ms and bridge.clock.now_ms() - recorder.due_since_ms > LATE_MS
    states = {view.state for view in bridge.devices()} | {view.state for view in bridge.gateways()}
    troubled = any(state.endswith("_error") for state in states)
    unwell = any(part.state in UNWELL for part in bridge.parts())
    timeless = not bridge.clock_state().trusted
    archivist = bridge.archivist()
    uncopied = archivist is not None and archivist.trouble is not None
    return "degraded" if safe or late or recorder.trouble or troubled or unwell or timeless or uncopied else "ok"
