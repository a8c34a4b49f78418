"""The certificate that pages are served with: one that nobody can renew by itself ends soon, or has ended."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.alarm.condition import Cause

SOON_S = 14 * 86_400


def certificate_causes(ends_ts: int | None, now_ts: int) -> Mapping[Cause, str]:
    """``ends_ts``: UTC seconds of the end of one that was brought from outside, None = there is none."""
    if ends_ts is None or now_ts < ends_ts - SOON_S:
        return {}
    days = (ends_ts - now_ts) // 86_400
    return {Cause("certificate", "server"): f"it ends in {days} days" if days >= 0 else "it has ended"}
