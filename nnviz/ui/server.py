"""What the server does once, before the first visitor."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware

from nnviz.runs.threads import one_thread
from nnviz.ui.border import Border
from nnviz.ui.headers import EMBEDDING, SaidWithAll, headers
from nnviz.ui.tour.following import tour_in_use
from nnviz.ui.uploads import BoundedUploads, keep_in_memory

TIDY_EVERY = 20.0
"""Seconds between two looks for what is no longer used."""

UNUSED = 180.0
"""Seconds after which a run that nobody has looked at may be forgotten."""

WORKERS_IDLE = 60.0
"""Seconds without work after which workers end: each takes some 100 MB."""

KEPT_BYTES = 2_000_000
"""Runs to keep all the same, in bytes: those used last."""


_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Take one BLAS thread, and get ready what a first visitor would wait for."""
    one_thread()  # for good: pictures are computed here, too, and visitors share the cores
    # What one thread frees is of use to the others only if all take theirs from the same place.
    if mallopt := of_c_library("mallopt"):
        mallopt(_ARENA_MAX, 1)
    keep_in_memory()
    first_visit()
    tour_in_use()  # what is wrong with a file is said at the start
    gc.collect()
    gc.freeze()  # what is here to stay need not be looked through again and again
    tidying = asyncio.create_task(tidy())
    yield {}
    tidying.cancel()
    close_workers()


def middleware() -> list[Middleware]:
    """What every request passes before Streamlit and the routes answer it."""
    try:
        added = headers(os.environ.get(EMBEDDING, ""))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    return [
        Middleware(SaidWithAll, added=added),
        Middleware(BoundedUploads),
        Middleware(Border),
    ]


def of_c_library(name: str) -> Callable[..., Any] | None:
    """A function of the C library, or None: those used here are glibc's, and so of Linux alone."""
    try:
        library = ctypes.CDLL(None)
    except (TypeError, OSError):  # Windows has no library without a name
        return None
    found: Callable[..., Any] | None = getattr(library, name, None)
    return found


async def tidy() -> None:
    """Give memory back when visitors have left."""
    from nnviz.ui import private
    from nnviz.ui.shared.helpers import HELPERS
    from nnviz.ui.shared.runs import RUNS
    from nnviz.ui.shared.sweeps import POOL

    while True:
        await asyncio.sleep(TIDY_EVERY)
        RUNS.forget_unused(UNUSED, KEPT_BYTES)
        private.forget_unused(UNUSED)
        await asyncio.to_thread(POOL.end_idle, WORKERS_IDLE)
        await asyncio.to_thread(HELPERS.end_idle, WORKERS_IDLE)
        # Sessions that have ended are in cycles, and no script runs any more to have them found.
        await asyncio.to_thread(gc.collect)
        # What is freed by many threads stays with the process until it is asked for.
        if trim := of_c_library("malloc_trim"):
            await asyncio.to_thread(trim, 0)


def close_workers() -> None:
    """End what sweeps run in; they would end by themselves, too, when this process is gone."""
    from nnviz.ui.shared.helpers import HELPERS
    from nnviz.ui.shared.sweeps import POOL

    HELPERS.close()
    POOL.close()


def first_visit() -> None:
    """Load what the pages need, and train the run that the app opens with."""
    import sklearn.datasets  # noqa: F401  # most of a second, which no visitor should wait for

    from nnviz.ui.controls.translation import default_spec
    from nnviz.ui.shared.runs import RUNS

    RUNS.message(default_spec(), seconds=10)
