"""Unlocking one device for a while."""

import pytest

from runtime.core.device.permit import MOST_TRIAL_S
from runtime.core.device.writetrial import on_trial, until
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.errors import ConfigError

SITE = Installation(devices=(DeviceSpec(1, "Door", 1, 1, "a"), DeviceSpec(2, "Gate", 1, 2, "a")))


def test_one_device_is_unlocked_and_locked_again():
    unlocked = on_trial(2, 500)(SITE)
    assert [device.trial_until_ts for device in unlocked.devices] == [0, 500]
    assert on_trial(2, 0)(unlocked) == SITE


def test_a_device_that_is_gone_is_told():
    with pytest.raises(ConfigError):
        on_trial(3, 500)(SITE)


def test_a_trial_is_never_longer_than_a_day():
    assert until(1000, 30) == 2800
    assert until(1000, 99_999) == 1000 + MOST_TRIAL_S
