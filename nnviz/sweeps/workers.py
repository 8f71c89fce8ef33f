"""Workers: where many pieces of work are done, on this machine or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnviz.runs.threads import one_thread
from nnviz.sweeps.cluster import on_cluster, scheduler_address
from nnviz.sweeps.pool import Found, Item, Pool, Work, last


def distribute(
    work: Work[Item, Found], items: Sequence[Item], jobs: int = -1
) -> Iterator[tuple[int, Found]]:
    """Do the same with many things, each on one processor.

    Parameters
    ----------
    work : callable
        What is done with each, in slices (`nnviz.sweeps.pool.Work`).
    items : sequence
        What `work` is called with, one by one.
    jobs : int
        Processes on this machine; -1 for one a processor, 1 for none beside this one.

    Yields
    ------
    number, found : int, what `work` gives
        As they finish. If a process dies, what has been yielded stands, and the rest is done anew.

    Raises
    ------
    WorkersLostError
        If processes on this machine die again and again; if the cluster has no worker that can do
        it, or is lost.
    SettingError, OSError
        If there is no Dask, or no scheduler at that address.
    """
    if scheduler := scheduler_address():
        yield from on_cluster(scheduler, work, items)
    elif jobs == 1:
        with one_thread():
            yield from ((number, last(work, item)) for number, item in enumerate(items))
    else:
        yield from _here(Pool(jobs), work, items)


def _here(
    pool: Pool, work: Work[Item, Found], items: Sequence[Item]
) -> Iterator[tuple[int, Found]]:
    try:
        share = pool.share(work, items)
        while (found := share.take()) is not None:
            yield found
    finally:
        pool.close()
