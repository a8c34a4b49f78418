"""Ten years of samples in full: ``make soak``, or a moment of them in a plain run of this file."""

import pytest

from tests.bench.bench_archive import DEVICES, TEN_YEARS, play, told
from tests.soak import FULL


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_ten_years_of_samples_in_ten_minutes(tmp_path):
    if FULL:
        spans, devices = TEN_YEARS, DEVICES
    else:
        spans, devices = 2, 3
    figures = play("archive_store.py", tmp_path, devices, spans)
    assert figures["bytes_a_value"] <= 1.45
    if spans == TEN_YEARS:
        told("ten years of 25 devices × 40 columns", spans, figures, "")
