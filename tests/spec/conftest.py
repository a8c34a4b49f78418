"""Of the many variations of an accident of a counter a few are played in `make test`, all of them in `make soak`."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.soak import FULL

FEW = 6  # variations of one test that are always played
EACH = 4  # of more, the first and each fourth


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out: list[pytest.Item] = []
    accidents = [item for item in items if item.path.name.startswith("test_counters_")]
    variations = Counter(item.nodeid.partition("[")[0] for item in accidents)
    number = Counter[str]()
    for item in accidents:
        test = item.nodeid.partition("[")[0]
        is_one_of_many = variations[test] > FEW and number[test] % EACH
        number[test] += 1
        if is_one_of_many:
            item.add_marker(pytest.mark.soak)
            left_out.append(item)
    if not FULL and len(accidents) > EACH * FEW:  # somebody who asks for a few tests gets them
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
