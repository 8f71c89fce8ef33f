"""Progress over a horizon, against steps made one after the other by the readable code."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.approximation.course import network_angles
from nnviz.approximation.holding import Criterion
from nnviz.approximation.milestones import (
    MOST,
    Group,
    matched_progress,
    measure_group,
    milestone_epochs,
    milestones,
    progress,
)
from nnviz.approximation.progress import (
    DEFINED,
    HORIZONS,
    NOT_MEASURED,
    RISES,
    WHY,
    ZERO,
    Progress,
    joined,
    measure,
)
from nnviz.data.datasets import load_dataset
from nnviz.paper.gradients import Gradients, descend, gradients
from nnviz.paper.network import Array, Parameters, forward, loss
from nnviz.runs.config import Config
from nnviz.runs.recording import Keyframe, Recorder, Recording, train


def size(gradient: Gradients) -> float:
    return float(np.sqrt(sum(np.square(array).sum() for array in vars(gradient).values())))


def losses(
    run: Recording, start: Parameters, rule: str, matched: bool, steps: int = HORIZONS[-1]
) -> list[float]:
    """Losses at the start and after `HORIZONS` steps by a rule, in float64."""
    X, Y = run.dataset.X, run.dataset.Y
    at = Parameters(**{name: array.astype(float) for name, array in vars(start).items()})
    found = []
    for step in range(steps + 1):
        activations = forward(at, X)
        if step in (0, *HORIZONS):
            found.append(loss(activations.A2, Y))
        by_rule = gradients(at, activations, X, Y, rule)
        rate = run.config.learning_rate
        if matched:
            by_exact = gradients(at, activations, X, Y, "exact")
            rate *= size(by_exact) / size(by_rule) if size(by_rule) else 0.0
        at = descend(at, by_rule, rate)
    return found


def gains(run: Recording, start: Parameters, rule: str, matched: bool) -> Array:
    first, *later = losses(run, start, rule, matched)
    return first - np.array(later)


SETS: dict[str, dict[str, Any]] = {
    "spiral": {},
    "moons": {"gradient": "exact"},
    "blobs": {"init_scale": 3.0, "gradient": "drop_error_term"},
    "xor": {"learning_rate": 1.0},
    "iris": {"learning_rate": 0.1, "gradient": "centred"},
    "breast_cancer": {"hidden_units": 5},
}


@pytest.mark.parametrize("dataset", SETS)
def test_progress_is_what_slow_steps_make(dataset: str) -> None:
    run = train(Config(**{"epochs": 400, **SETS[dataset]}), load_dataset(dataset))
    starts = [run.keyframes[number] for number in (0, 12, -1)]
    found = measure(run.config, run.dataset, starts, HORIZONS[-1])
    assert found.epochs.tolist() == [keyframe.epoch for keyframe in starts]
    off = []
    for number, keyframe in enumerate(starts):
        by_exact = gains(run, keyframe.parameters, "exact", matched=False)
        assert (found.why[number] == DEFINED).all()
        for matched, kind in ((True, found.matched), (False, found.one_rate)):
            for rule in APPROXIMATIONS:
                rho = gains(run, keyframe.parameters, rule, matched) / by_exact
                off.append(np.abs(kind[rule][number] - rho) / np.maximum(1, np.abs(rho)))
                assert off[-1].max() < 1e-2, (keyframe.epoch, rule, matched)
    assert np.median(off) < 1e-4


def test_where_14_itself_makes_no_progress_there_is_a_reason_and_no_number() -> None:
    data = load_dataset("moons")
    config = Config(learning_rate=10.0, init_scale=10.0, epochs=20)
    run = train(config, data)
    wild = run.keyframes[0].parameters
    found = measure(config, data, run.keyframes[:1], HORIZONS[-1])
    by_exact = gains(run, wild, "exact", matched=False)
    expected = np.where(by_exact > 1e-6, DEFINED, RISES)
    assert set(expected) == {DEFINED, RISES}
    assert found.why[0].tolist() == expected.tolist()

    # All samples certain, and wrong: nothing moves.
    calm = train(Config(epochs=500), load_dataset("blobs", noise=0.1)).keyframes[-1].parameters
    sure = Parameters(calm.W1, calm.b1, 1e5 * np.roll(calm.W2, 1, 0), 1e5 * np.roll(calm.b2, 1, 0))
    blobs = load_dataset("blobs", noise=0.1)
    zero = measure(Config(), blobs, [Keyframe(0, sure)], 50)
    assert zero.why[0].tolist() == [ZERO, ZERO, ZERO, NOT_MEASURED]
    for progress_of in (found, zero):
        for kind in (progress_of.matched, progress_of.one_rate):
            for rho in kind.values():
                assert (np.isnan(rho) == (progress_of.why != DEFINED)).all()
    assert not zero.holds(Criterion(), "difference").any()
    assert np.isnan(zero.held(Criterion(), "difference")), "undefined is not: holds nowhere"
    assert len(zero.over(50).epochs) == 1
    assert len(zero.over(200).epochs) == 0
    assert set(WHY) == {ZERO, RISES, NOT_MEASURED}


def test_steps_that_explode_have_made_infinitely_much_the_wrong_way() -> None:
    config, data = Config(learning_rate=10.0), load_dataset("wine")
    run = train(config, data)
    found = measure(config, data, run.keyframes[:1], HORIZONS[-1])
    assert (found.why == DEFINED).all()
    without_E = found.one_rate["drop_error_term"][0]
    assert without_E[2:].tolist() == [-np.inf, -np.inf]
    assert np.isfinite(without_E[:2]).all()
    by_rule = train(Config(learning_rate=10.0, gradient="drop_error_term", epochs=50), data)
    assert by_rule.status == "diverged", "so does a run by that rule"
    assert np.isfinite(found.matched["drop_error_term"]).all(), "steps as long as (14)'s do not"


@cache
def default_run() -> Recording:
    return train(Config(), load_dataset("spiral"))


def test_a_run_that_grows_has_the_same_milestones() -> None:
    run = default_run()
    plan = milestones(run.config, run.dataset)
    recorder = Recorder(run.config, run.dataset)
    parts: dict[Group, Progress] = {}
    for slice_of in (1, 40, 300, 700):
        recorder.run(epochs=slice_of)
        grown = recorder.recording()
        for group in plan:
            if group not in parts and group.epochs[-1] <= grown.last_epoch:
                found = measure_group(grown, group)
                assert found is not None
                assert found.epochs.tolist() == list(group.epochs)
                parts[group] = found
        later = [group for group in plan if group.epochs[0] > grown.last_epoch]
        assert all(measure_group(grown, group) is None for group in later)
    same(joined(list(parts.values())), progress(run))


def same(a: Progress, b: Progress) -> None:
    np.testing.assert_array_equal(a.epochs, b.epochs)
    np.testing.assert_array_equal(a.why, b.why)
    for kind in ("matched", "one_rate"):
        for rule, rho in getattr(a, kind).items():
            np.testing.assert_array_equal(rho, getattr(b, kind)[rule])


def test_milestones_are_keyframes_from_the_first_to_the_last() -> None:
    run = default_run()
    chosen = milestone_epochs(run.config, run.dataset)
    assert set(chosen) <= {keyframe.epoch for keyframe in run.keyframes}
    assert (chosen[0], chosen[-1]) == (0, run.last_epoch)
    assert 15 <= len(chosen) <= MOST
    plan = milestones(run.config, run.dataset)
    assert sorted(epoch for group in plan for epoch in group.epochs) == chosen.tolist()
    far = {epoch for group in plan if group.steps == HORIZONS[-1] for epoch in group.epochs}
    assert {0, run.last_epoch} <= far, "both ends of a run are seen at every horizon"
    found = progress(run)
    not_far = ~np.isin(found.epochs, list(far))
    assert (found.why[:, -1] == NOT_MEASURED).tolist() == not_far.tolist()
    for epochs in (1, 2, 3):
        short = Config(epochs=epochs)
        assert milestone_epochs(short, run.dataset).tolist() == list(range(epochs + 1))
        assert sum(len(g.epochs) for g in milestones(short, run.dataset)) == epochs + 1


def test_a_large_network_gets_fewer_milestones_and_a_very_large_one_none() -> None:
    digits = load_dataset("digits")
    counts = [
        len(milestone_epochs(Config(hidden_units=units), digits)) for units in (8, 16, 64, 4096)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] >= 0
    assert counts[-1] == 0
    run = train(Config(hidden_units=512, epochs=1), load_dataset("digits", test_share=0.5))
    assert milestones(run.config, run.dataset) == []
    found = progress(run)
    assert len(found.epochs) == 0
    assert np.isnan(found.held(Criterion(), "difference"))
    assert np.isnan(matched_progress(run, ("difference",)).held(Criterion(), "difference"))


def test_fewer_rules_and_kinds_say_the_same() -> None:
    run = default_run()
    few = matched_progress(run, ("difference", "drop_error_term"))
    full = progress(run)
    assert few.epochs.tolist() == [0, 2, 9, 21, 45, 99, 315, 681, 1000], "half of them"
    there = np.isin(full.epochs, few.epochs)
    for rule in ("difference", "drop_error_term"):
        for horizon in HORIZONS[:3]:
            wanted = full.at(horizon, rule)[there]
            np.testing.assert_allclose(few.at(horizon, rule), wanted, rtol=1e-3)
    assert few.one_rate == {}
    assert (few.why[:, -1] == NOT_MEASURED).all()


def test_late_in_the_default_run_the_gradient_without_E_raises_the_loss() -> None:
    """What issue 15 says of epoch 1,000."""
    run = default_run()
    assert run.error_term_mean_abs[-1] == pytest.approx(0.022, abs=5e-4)
    assert network_angles(run)["drop_error_term"][-1] == pytest.approx(106, abs=0.5)
    last = run.keyframes[-1].parameters
    by_exact = losses(run, last, "exact", matched=False, steps=50)
    without_E = losses(run, last, "drop_error_term", matched=True, steps=50)
    assert by_exact[-1] < by_exact[0]
    assert without_E[-1] > without_E[0]
    found = progress(run)
    assert found.at(50, "drop_error_term")[-1] < 0
    assert found.one_rate["drop_error_term"][-1, 2] < 0
    assert found.at(50, "difference")[-1] == pytest.approx(0.9, abs=0.01), "A − Y lowers it"


TOYS = ("spiral", "blobs", "moons", "circles", "xor")


@pytest.mark.parametrize("along", ["exact", "difference"])
def test_what_theory_says_of_progress(along: str) -> None:
    """theory.md, 10, on some seeds: at α 0.5 along the runs by (14) and by (16).

    With 10 seeds, (15) makes nine tenths of the progress in 0 of 300 states from epoch 100 along
    (14), and in 4 of 300 along (16), all of them on xor.
    """
    first: dict[str, list[Array]] = {rule: [] for rule in APPROXIMATIONS}
    late: dict[str, list[Array]] = {rule: [] for rule in APPROXIMATIONS}
    for dataset in TOYS:
        for seed in range(2):
            run = train(Config(gradient=along, seed=seed), load_dataset(dataset))
            found, angles = progress(run), network_angles(run)
            there = np.isin([keyframe.epoch for keyframe in run.keyframes], found.epochs)
            for rule in APPROXIMATIONS:
                cosine = np.cos(np.radians(angles[rule][there]))
                first[rule].append(np.stack([found.at(1, rule), cosine]))
                if (rule, dataset, along) != ("drop_error_term", "xor", "difference"):
                    late[rule].append(found.at(50, rule)[found.epochs >= 100])
    for rule in ("drop_error_term", "difference"):
        rho, cosine = np.concatenate(first[rule], axis=1)
        assert 0.95 < np.corrcoef(rho, cosine)[0, 1] < 1, "one step: ρ is about the cosine"
    without_E, A_minus_Y = (
        np.concatenate(late[rule]) for rule in ("drop_error_term", "difference")
    )
    assert len(without_E) >= 45
    assert (without_E >= 0.9).mean() == 0
    assert 0.5 < (A_minus_Y >= 0.9).mean() < 0.9
    assert np.median(without_E) < 0.6 < 0.9 < np.median(A_minus_Y)
