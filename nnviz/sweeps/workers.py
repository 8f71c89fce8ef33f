"""Workers: the processes that do many pieces of work, on this machine or on a Dask cluster."""

from __future__ import annotations

import concurrent.futures
import importlib.util
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError

from nnviz.checks import SettingError
from nnviz.runs.threads import one_thread

Item = TypeVar("Item")
Found = TypeVar("Found")

SCHEDULER = "NNVIZ_DASK_SCHEDULER"
"""Environment variable with the address of a Dask scheduler, as ``tcp://127.0.0.1:8786``."""

CONNECTS_WITHIN = 10.0
"""Seconds to wait for that scheduler, and for a first worker."""

QUIET = 60.0
"""Seconds in which a cluster finishes nothing, after which it is asked whether it is at work."""

ATTEMPTS = 3
"""How often a piece of work may take its process down with it before all is given up."""


class WorkersLostError(OSError):
    """The processes that are to do the work are not there, or no more; the message says which."""


def distribute(
    work: Callable[[Item], Found], items: Sequence[Item], jobs: int = -1, here: bool = False
) -> Iterator[tuple[int, Found]]:
    """Do the same with many things, each on one processor.

    Parameters
    ----------
    work : callable
        What is done with each.
    items : sequence
        What `work` is called with, one by one.
    jobs : int
        Processes on this machine; -1 for one a processor, 1 for none beside this one.
    here : bool
        Whether nothing may leave this machine: the cluster that `SCHEDULER` names is not asked.

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
    scheduler = "" if here else os.environ.get(SCHEDULER, "")
    missing = dict(enumerate(items))
    attempt = 0
    while missing:
        attempt += 1
        if scheduler:
            round_ = _on_cluster(scheduler, work, dict(missing), QUIET * 2 ** (attempt - 1))
        else:
            round_ = _here(work, dict(missing), jobs)
        try:
            for number, found in round_:
                del missing[number]
                yield number, found
        except TerminatedWorkerError as error:
            if attempt == ATTEMPTS:
                said = f"Processes died {ATTEMPTS} times; is there too little memory? {error}"
                raise WorkersLostError(said) from error


def _here(
    work: Callable[[Item], Found], items: Mapping[int, Item], jobs: int
) -> Iterator[tuple[int, Found]]:
    # Without max_nbytes, joblib would write larger data to a file for its workers.
    with parallel_config(backend="loky"):
        yield from _parallel(work, items, n_jobs=jobs, max_nbytes=None)


def _on_cluster(
    scheduler: str, work: Callable[[Item], Found], items: Mapping[int, Item], quiet: float
) -> Iterator[tuple[int, Found]]:
    """Do what can be done until nothing is finished for `quiet` seconds."""
    try:
        from distributed import Client  # here, since most do without
    except ModuleNotFoundError:
        needed = "left out while requirements-dask.txt is not installed"
        raise SettingError(SCHEDULER, scheduler, needed) from None
    with (
        Client(scheduler, timeout=CONNECTS_WITHIN, set_as_default=False) as client,
        parallel_config(backend="dask", client=client),
    ):
        _check_workers(client, scheduler)
        try:
            yield from _parallel(work, items, timeout=quiet)
        except (multiprocessing.TimeoutError, concurrent.futures.CancelledError):
            # Without a time, joblib waits for good for most of what a cluster loses.
            _check_at_work(client, scheduler)


def _check_workers(client: Any, scheduler: str) -> None:
    """Raise unless there are workers, and they and the scheduler find this package."""
    try:
        client.wait_for_workers(1, timeout=CONNECTS_WITHIN)
    except TimeoutError:
        raise WorkersLostError(f"The scheduler at {scheduler} has no worker") from None
    found = {
        "The scheduler": client.run_on_scheduler(importlib.util.find_spec, "nnviz"),
        **{
            f"The worker {address}": spec
            for address, spec in client.run(importlib.util.find_spec, "nnviz").items()
        },
    }
    for who, spec in found.items():
        if spec is None:
            raise WorkersLostError(
                f"{who} does not find nnviz: start it in nnviz's folder with PYTHONPATH=."
            )


def _check_at_work(client: Any, scheduler: str) -> None:
    """Raise unless some worker is at work."""
    if client.status != "running":
        raise WorkersLostError(f"The scheduler at {scheduler} is gone")
    if not any(client.processing().values()):
        raise WorkersLostError(
            f"The workers of {scheduler} are gone, or have lost their work: see its log"
        )


def _parallel(
    work: Callable[[Item], Found], items: Mapping[int, Item], **options: Any
) -> Iterator[tuple[int, Found]]:
    tasks = (delayed(_numbered)(work, number, item) for number, item in items.items())
    yield from Parallel(return_as="generator_unordered", **options)(tasks)


def _numbered(work: Callable[[Item], Found], number: int, item: Item) -> tuple[int, Found]:
    """Do a piece of work, wherever that is, with one thread for its products."""
    with one_thread():
        return number, work(item)
