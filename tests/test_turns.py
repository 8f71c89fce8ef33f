"""Turns: who computes next, on clocks of the tests' own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from nnviz.sweeps.served import (
    FORGOTTEN_BY_HALF,
    MOST_REMEMBERED,
    MOST_WAITED,
    THIRD,
    Served,
    next_of,
)
from nnviz.ui.shared import turns as module
from nnviz.ui.shared.turns import (
    TURN,
    Request,
    Turns,
)


@dataclass
class Person:
    """Somebody who asks for turns.

    Attributes
    ----------
    name : str
    urgent : bool
    every : float
        Seconds between one asking and the next; 0 asks again as soon as the turn is over.
    begins : float
        When the first is asked for.
    waited : list of float
        Seconds from each asking to its turn.
    """

    name: str
    urgent: bool
    every: float = 0.0
    begins: float = 0.0
    waited: list[float] = field(default_factory=list)


def simulate(people: list[Person], seconds: float, turn: float = TURN) -> None:
    """Have people ask for turns of the same length, on a clock that only turns move."""
    now, number = 0.0, 0
    asks_at = {person.name: person.begins for person in people}
    of = {person.name: person for person in people}
    waiting: list[Request] = []
    served = Served()
    while now < seconds:
        for name, at in list(asks_at.items()):
            if at <= now:
                waiting.append(Request(name, of[name].urgent, at))
                del asks_at[name]
        if not waiting:
            now = min(asks_at.values())
            continue
        number += 1
        chosen = next_of(waiting, served, now, number)
        waiting.remove(chosen)
        of[chosen.owner].waited.append(now - chosen.since)
        now += turn
        served.add(chosen.owner, turn, now)
        asks_at[chosen.owner] = max(now, chosen.since + of[chosen.owner].every)


def test_two_who_always_want_something_new_do_not_starve_a_growing_run() -> None:
    """The third waits for no turn longer than the bound, and gets its share."""
    greedy = [Person("one", urgent=True), Person("two", urgent=True)]
    third = Person("third", urgent=False, begins=5.0)
    simulate([*greedy, third], 60.0)
    assert max(third.waited) <= MOST_WAITED + THIRD * TURN
    assert len(third.waited) == pytest.approx(55 / TURN / 3, rel=0.3)


def test_a_growing_run_waits_behind_what_is_new() -> None:
    """Forty visitors get something new now and then: before what one has had much of already."""
    growing = Person("growing", urgent=False)
    others = [Person(f"{n}", urgent=True, every=8.0, begins=n / 5) for n in range(40)]
    simulate([growing, *others], 60.0)
    first = [wait for other in others for wait in other.waited]
    assert sum(first) / len(first) < TURN
    assert max(growing.waited) <= MOST_WAITED + THIRD * TURN
    assert len(growing.waited) > 0.9 * (60 - 40 * 7 * TURN) / TURN, "it gets what is left"


def test_many_turns_of_one_weigh_more_than_one_of_each() -> None:
    """Fair by visitor: one who never stops asking, and twenty who ask every four seconds."""
    greedy = Person("greedy", urgent=True)
    others = [Person(f"{n}", urgent=True, every=4.0, begins=n / 5) for n in range(20)]
    simulate([greedy, *others], 60.0)
    assert all(max(other.waited) <= 2 * TURN + 1e-9 for other in others)


def test_what_was_served_is_forgotten_and_bounded() -> None:
    served = Served()
    served.add("a", 8.0, now=0.0)
    assert served.of("a", now=0.0) == 8.0
    assert served.of("a", now=FORGOTTEN_BY_HALF) == pytest.approx(4.0)
    assert served.of("b", now=3.0) == 0.0
    for n in range(3 * MOST_REMEMBERED):
        served.add(f"{n}", 1.0, now=1.0)
    assert len(served._had) == MOST_REMEMBERED


def test_with_more_than_there_is_time_for_what_is_new_still_comes_first() -> None:
    """Forty growing runs that never rest, and a visitor with something new each second."""
    growing = [Person(f"growing {n}", urgent=False) for n in range(40)]
    new = Person("new", urgent=True, every=1.0, begins=5.0)
    simulate([*growing, new], 60.0)
    assert max(new.waited) <= 2 * TURN + 1e-9
    assert min(len(one.waited) for one in growing) >= 10, "none of them is left out"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A visitor is named by its thread."""
    monkeypatch.setattr(module, "visitor", lambda: threading.current_thread().name)
    return iter(())


@pytest.mark.usefixtures("names")
def test_turns_are_taken_one_by_one_in_the_order_of_next_of() -> None:
    turns, order, at_once = Turns(clock=lambda: 0.0), [], []
    inside = 0

    def take(urgent: bool) -> None:
        nonlocal inside
        with turns.turn(urgent):
            inside += 1
            at_once.append(inside)
            order.append(threading.current_thread().name)
            inside -= 1

    waiting = [("patient 1", False), ("urgent 1", True), ("patient 2", False), ("urgent 2", True)]
    threads = [threading.Thread(target=take, args=(urgent,), name=name) for name, urgent in waiting]
    with turns.turn():
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < number:
                pass
    for thread in threads:
        thread.join()
    assert order == ["urgent 1", "urgent 2", "patient 1", "patient 2"]
    assert set(at_once) == {1}


def test_a_turn_ends_with_an_exception() -> None:
    turns = Turns()
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"), turns.turn():
            raise ValueError("broken")
    with turns.turn():
        pass


@pytest.mark.usefixtures("names")
def test_a_long_computation_lets_others_have_their_turns() -> None:
    """On a clock that its parts move. With nobody waiting, or early in its turn, it goes on."""
    now, order = 0.0, []
    turns = Turns(clock=lambda: now)

    def other() -> None:
        with turns.turn():
            order.append("other")

    with turns.turn() as pause:
        now = 1.0
        pause()
        order.append("alone")
        thread = threading.Thread(target=other)
        thread.start()
        while not turns._waiting:
            pass
        pause()  # the other came at 1.0, and this turn is 1 s long
        order.append("after")
        thread.join()
        now += TURN / 2
        second = threading.Thread(target=other)
        second.start()
        while not turns._waiting:
            pass
        pause()
        order.append("too early")
    second.join()
    assert order == ["alone", "other", "after", "too early", "other"]


@pytest.mark.usefixtures("names")
def test_within_a_turn_of_ones_own_nothing_is_waited_for() -> None:
    turns = Turns(clock=lambda: 0.0)
    with turns.turn() as outer, turns.turn(urgent=False) as inner:
        assert inner is outer
        assert turns._taken
    with turns.turn():
        assert turns._taken
    assert not turns._taken
