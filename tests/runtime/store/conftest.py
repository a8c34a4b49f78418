"""A store in a folder of its own."""

import pytest

from runtime.store.env import open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()
