"""A Dask cluster: many pieces of work done on other machines."""

from __future__ import annotations

import concurrent.futures
import importlib.util
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from joblib import Parallel, delayed, parallel_config

from nnviz.checks import SettingError
from nnviz.runs.threads import one_thread
from nnviz.sweeps.pool import Found, Item, Work, WorkersLostError, last

SCHEDULER = "NNVIZ_DASK_SCHEDULER"
"""Environment variable with the address of a Dask scheduler, as ``tcp://127.0.0.1:8786``."""

CONNECTS_WITHIN = 10.0
"""Seconds to wait for the scheduler, and for a first worker."""

QUIET = 60.0
"""Seconds in which a cluster finishes nothing, after which it is asked whether it is at work."""


def scheduler_address() -> str:
    """Address of the cluster's scheduler; empty if work is done on this machine."""
    return os.environ.get(SCHEDULER, "")


def on_cluster(
    scheduler: str, work: Work[Item, Found], items: Sequence[Item]
) -> Iterator[tuple[int, Found]]:
    """Do the same with many things; see `nnviz.sweeps.workers.distribute`.

    Parameters
    ----------
    scheduler : str
        Its address.
    work : callable
        What is done with each.
    items : sequence
        What `work` is called with, one by one.
    """
    missing, quiet = dict(enumerate(items)), QUIET
    while missing:
        for number, found in _one_round(scheduler, work, dict(missing), quiet):
            del missing[number]
            yield number, found
        quiet *= 2


def _one_round(
    scheduler: str, work: Work[Item, Found], items: Mapping[int, Item], quiet: float
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
        tasks = (delayed(_numbered)(work, number, item) for number, item in items.items())
        try:
            yield from Parallel(return_as="generator_unordered", timeout=quiet)(tasks)
        except (multiprocessing.TimeoutError, concurrent.futures.CancelledError):
            # Without a time, joblib waits for good for most of what a cluster loses.
            _check_at_work(client, scheduler)


def _numbered(work: Work[Item, Found], number: int, item: Item) -> tuple[int, Found]:
    """Do a piece of work, wherever that is, with one thread for its products."""
    with one_thread():
        return number, last(work, item)


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
