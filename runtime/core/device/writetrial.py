"""Unlocking one device whose register table is not confirmed, for a while; and locking it again."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.device.permit import MOST_TRIAL_S
from runtime.core.edit.edits import Edit, find_object
from runtime.core.site.hardware import DEVICE
from runtime.core.site.installation import Installation


def on_trial(device: int, until_ts: int) -> Edit:
    """``until_ts`` 0 = nothing is written to it from now on. Raises ConfigError for a device that is gone."""

    def edit(current: Installation) -> Installation:
        spec = find_object(current, DEVICE, device)
        changed = replace(spec, trial_until_ts=until_ts)
        return replace(current, devices=tuple(changed if each is spec else each for each in current.devices))

    return edit


def until(now_ts: int, minutes: int) -> int:
    return now_ts + min(60 * minutes, MOST_TRIAL_S)
