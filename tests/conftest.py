"""Hypothesis tells the same stories each time in `make test`, and new ones in `make soak`."""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)  # how fast is for benchmarks to tell
settings.register_profile("new", deadline=None)
settings.load_profile("new" if os.environ.get("WATTKEEPER_SOAK") == "full" else "same")
