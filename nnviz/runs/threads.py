"""The one place that says how many threads a matrix product takes: one."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """Let BLAS take one thread, from the call to the end of the ``with``, or for good without one.

    Several threads sum in another order, which changes the last bits; and they are slower on
    networks of this size. So that a run is the same wherever it is trained, `nnviz.runs.recording`
    trains within this, and the page, the command line and the workers compute within it, too.

    Where NumPy is alone, without threadpoolctl (which comes with scikit-learn), BLAS takes as many
    threads as it is told by its environment.
    """
    blas = _blas()
    return nullcontext() if blas is None else blas.limit(limits=1, user_api="blas")


@cache
def _blas() -> Any:
    """What sets NumPy's own BLAS, if there is anything; to look takes longer than to set it."""
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        return None
    return ThreadpoolController()
