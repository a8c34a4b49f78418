"""A store in a folder of its own."""

import shutil

import pytest

from runtime.store.env import open_store
from tests.runtime.store.archive import archive


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pattern(tmp_path_factory):
    """Made once; nobody opens it but to copy it."""
    return archive(tmp_path_factory.mktemp("pattern") / "store")


@pytest.fixture
def folder(pattern, tmp_path):
    """The folder of a store that has blocks, rows, ledgers and bins."""
    return shutil.copytree(pattern, tmp_path / "store")
