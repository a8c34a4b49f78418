"""Hypothesis tells the same stories each time in `make test`, and new ones in `make soak`; no test is held up."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)  # how fast is for benchmarks to tell
settings.register_profile("new", deadline=None)
settings.load_profile("new" if os.environ.get("WATTKEEPER_SOAK") == "full" else "same")


@pytest.fixture(autouse=True, scope="session")
def unpaced() -> Iterator[None]:
    """Servers hold up nobody who comes without a login; tests of that say otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runtime.settings.STRANGERS_PERCENT", 100)
        yield
