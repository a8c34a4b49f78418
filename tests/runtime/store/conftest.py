"""A store in a folder of its own."""

import pytest

from runtime.store.env import open_store
from tests.runtime.store.archive import archive


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path):
    """The folder of a store that has blocks, rows, ledgers and bins."""
    return archive(tmp_path / "store")
