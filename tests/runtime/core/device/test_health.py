from runtime.core.device.health import FAILURES_SHOWN, DeviceHealth
from runtime.core.view import Trouble

SILENT, REFUSAL = Trouble("no_answer", "silent", 5), Trouble("exception_2", "no such register", 6)
OTHER = Trouble("model_other", "answers like another", 7)
BOTH = (0, 1)


def healthy():
    health = DeviceHealth()
    health.answered(0, BOTH)
    return health


def shown(health):
    return health.state, health.trouble


def test_a_failure_is_shown_when_it_goes_on():
    health = healthy()
    for _ in range(FAILURES_SHOWN - 1):
        health.failed(SILENT)
    assert shown(health) == ("on", None)
    health.failed(SILENT)
    assert shown(health) == ("communication_error", SILENT)


def test_one_answer_ends_it_and_the_count():
    health = healthy()
    health.failed(SILENT)
    health.answered(1, BOTH)
    health.failed(SILENT)
    assert shown(health) == ("on", None)


def test_a_link_that_is_down_is_shown_at_once():
    health = healthy()
    health.cut_off(SILENT)
    assert shown(health) == ("communication_error", SILENT)


def test_a_refusal_is_shown_beside_what_works_until_it_is_answered():
    health = healthy()
    health.refused(1, REFUSAL, BOTH)
    assert shown(health) == ("on", REFUSAL)
    health.answered(0, BOTH)
    assert shown(health) == ("on", REFUSAL)
    health.answered(1, BOTH)
    assert shown(health) == ("on", None)


def test_a_device_that_refuses_all_is_configured_wrongly():
    health = healthy()
    health.refused(0, REFUSAL, BOTH)
    health.refused(1, REFUSAL, BOTH)
    assert shown(health) == ("configuration_error", REFUSAL)


def test_a_trouble_that_stays_keeps_its_time():
    health = healthy()
    health.cut_off(SILENT)
    health.cut_off(Trouble("no_answer", "silent", 99))
    assert health.trouble.since_ms == 5


def test_another_device_is_a_fault_of_the_configuration_if_it_is_sure():
    health = healthy()
    assert not health.suspect(OTHER, BOTH, sure=False)
    assert shown(health) == ("on", OTHER) and not health.distrusted
    assert health.suspect(OTHER, BOTH, sure=True)
    assert shown(health) == ("configuration_error", OTHER) and health.distrusted
    assert health.suspect(None, BOTH, sure=True)
    assert shown(health) == ("on", None)
