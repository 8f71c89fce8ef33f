"""The one place that says how many threads a matrix product takes: one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Let BLAS take one thread, from the call to the end of the ``with``, or for good without one.

    Several threads sum in another order, which changes the last bits; and they are slower on
    networks of this size. So that a run is the same wherever it is trained, `nnviz.recording`
    trains within this, and the page, the command line and the workers compute within it, too.
    """
    return _blas().limit(limits=1, user_api="blas")


@cache
def _blas() -> ThreadpoolController:
    """NumPy's own BLAS; to look for it takes longer than to set it."""
    return ThreadpoolController()
