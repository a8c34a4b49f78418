"""Hypothesis tells the same stories each time in `make test`, and new ones in `make soak`; no test is held up."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)  # how fast is for benchmarks to tell
settings.register_profile("new", deadline=None)
settings.load_profile("new" if os.environ.get("WATTKEEPER_SOAK") == "full" else "same")

HERE = Path(__file__).parent
BEGIN_FIRST = (  # begin first, so that none is left to work alone at the end
    "browser/test_accessibility.py",
    "browser/test_commissioning.py",
    "browser/test_setup.py",
    "browser/test_charging.py",
    "browser/test_alarms.py",
    "browser/test_alert_settings.py",
    "spec/test_servers_under_servers.py",
    "spec/test_counters_clock.py",
    "spec/test_counters_glitches.py",
    "spec/test_counters_exchanges.py",
    "spec/test_from_wire_to_page.py",
    "spec/test_many_servers.py",
    "spec/test_counters_rollovers.py",
    "spec/test_records_of_other_versions.py",
    "spec/test_public_meters_served.py",
    "spec/test_age.py",
    "spec/test_alerts.py",
    "spec/test_server_tree.py",
    "spec/test_clock.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {HERE / name: rank for rank, name in enumerate(BEGIN_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(autouse=True, scope="session")
def unpaced() -> Iterator[None]:
    """Servers hold up nobody who comes without a login; tests of that say otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runtime.settings.STRANGERS_PERCENT", 100)
        yield
