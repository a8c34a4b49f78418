import pytest

from drivers.adapters.refusal import explain_refusal
from runtime.core.modbus.request import Request


@pytest.mark.parametrize("exception", range(1, 12))
def test_every_exception_says_what_to_do(exception):
    error = explain_refusal(Request(5, 3, 100, 10), exception)
    assert (error.code, error.exception) == (f"exception_{exception}", exception)
    assert error.message.startswith(f"unit 5 answered exception {exception}, ")
    assert "function 3, address 100, count 10: the " in error.message


def test_an_exception_that_the_standard_does_not_know_is_told_too():
    assert "outside the standard" in explain_refusal(Request(5, 3, 0, 1), 99).message
