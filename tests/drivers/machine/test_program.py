import pytest

from drivers.machine.program import run
from runtime.errors import DriverError


def test_the_lines_that_a_program_prints():
    assert run("printf", "a\\nb\\n") == ["a", "b"]


def test_a_program_that_hangs_is_given_up():
    with pytest.raises(DriverError) as raised:
        run("sleep", "60", timeout_s=0.05)
    assert raised.value.code == "machine_service_slow"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Error: NetworkManager is not running.", "machine_service_missing"),
        ("System has not been booted with systemd as init system (PID 1).", "machine_service_missing"),
        ("Error: Connection activation failed: Not authorized to control networking.", "machine_denied"),
        ("Error: unknown connection 'x'.", "machine_refused"),
    ],
)
def test_what_a_service_complains_of_becomes_a_code(words, code):
    with pytest.raises(DriverError) as raised:
        run("sh", "-c", f'echo "{words}" >&2; exit 1')
    assert raised.value.code == code and words in str(raised.value)
