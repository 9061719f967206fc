"""Waiting for what another process does: for a state, however busy the machine is."""

import time
from collections.abc import Callable

import pytest

PATIENCE = 300.0


def wait_until(reached: Callable[[], object], what: str) -> None:
    """Return as soon as that is true.

    Args:
        reached: looks.
        what: for whoever reads that it never was.
    """
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            pytest.fail(f"after {PATIENCE:.0f} s still not: {what}")
        time.sleep(0.005)
