from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webui.front.stage import Door, front


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with front(tmp_path_factory.mktemp("door")) as made:
        yield made
