"""A store with a month of steady history, made once, and a site on it for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runtime.store.energy.importer import import_history
from runtime.store.env import Store, open_store
from tests.webui.stage import Stage, installation, stage, steady_lines


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = open_store(tmp_path_factory.mktemp("web"))
    import_history(made, steady_lines(installation()), installation())
    yield made
    made.close()


@pytest.fixture
def site(store: Store) -> Stage:
    return stage(store)
