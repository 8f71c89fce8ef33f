"""What the server does once, before the first visitor."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from threadpoolctl import threadpool_limits

from nnviz.ui import assets


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Take one BLAS thread, and get ready what a first visitor would wait for."""
    # Visitors' runs share the cores; threads inside a product of this size only get in the way.
    threadpool_limits(limits=1, user_api="blas")
    threading.Thread(target=_warm_up, daemon=True).start()
    yield {}


def _warm_up() -> None:
    for name in assets.FILES:
        assets.compressed(name)
    import sklearn.datasets  # noqa: F401  # takes a second, and only the real data sets need it
