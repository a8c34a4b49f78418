"""What a login costs: the hash of PIN and PUK, with the memory and passes that this machine is given."""

from __future__ import annotations

import statistics
import time

import pytest

from runtime.secret.vault import Vault
from tests.bench.table import Row, tell

RUNS = 15


@pytest.mark.bench
def test_the_hash_of_a_login():
    vault = Vault(b"p" * 32)
    code = vault.hash_codes("73058", "48201937560284")
    took = {"right": [], "wrong": [], "nobody's": []}
    for _ in range(RUNS):
        for what, puk, kept in (
            ("right", "48201937560284", code), ("wrong", "48201937560285", code), ("nobody's", "48201937560284", "")
        ):  # fmt: skip
            began = time.perf_counter()
            vault.is_right("73058", puk, kept)
            took[what].append(time.perf_counter() - began)
    right_s, wrong_s, nobody_s = (statistics.median(times) for times in took.values())
    settings = code.split("$")[3]
    tell(
        Row(
            f"hash of a login, argon2id {settings}",
            "≤ 250 ms",
            f"{right_s * 1000:.0f} ms",
            right_s <= 0.25,
            f"wrong {wrong_s * 1000:.0f} ms, of a PIN that nobody has {nobody_s * 1000:.0f} ms",
        )
    )
