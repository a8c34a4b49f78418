"""A flood of failed logins makes few events, and they count it."""

from runtime.core.access.failures import BURST, Reports

NOW = 1_780_000_000_000


def test_the_first_failure_is_told_at_once_and_the_next_ones_of_that_address_are_counted():
    reports = Reports()
    assert reports.failed("10.0.0.1", "PIN", NOW) == "PIN from 10.0.0.1"
    assert [reports.failed("10.0.0.1", "PIN", NOW + n) for n in range(1, 4)] == ["", "", ""]
    again = reports.failed("10.0.0.1", "PIN", NOW + 60_000)
    assert again == "PIN from 10.0.0.1; 3 more since the last report, from 1 addresses"


def test_many_addresses_make_few_events():
    reports = Reports()
    told = [reports.failed(f"10.0.{n // 250}.{n % 250}", "PIN", NOW + n) for n in range(1000)]
    assert sum(map(bool, told)) == BURST
    assert "990 more" in reports.failed("10.9.9.9", "PIN", NOW + 120_000)
