"""What the server does once, before the first visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from threadpoolctl import threadpool_limits


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Take one BLAS thread, and get ready what a first visitor would wait for."""
    # Visitors' runs share the cores; threads inside a product of this size only get in the way.
    threadpool_limits(limits=1, user_api="blas")
    first_visit()
    yield {}


def first_visit() -> None:
    """Load what the pages need, and train the run that the app opens with."""
    import sklearn.datasets  # noqa: F401  # most of a second, which no visitor should wait for

    from nnviz.ui.controls import default_settings
    from nnviz.ui.runs import RUNS

    RUNS.message(default_settings(), seconds=10)
