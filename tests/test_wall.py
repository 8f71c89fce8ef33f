"""The wall of networks: every tile against its run, and what the message says of the places."""

from __future__ import annotations

import functools
import json
import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import slow_reference

from nnviz.approximation.holding import Criterion
from nnviz.figures.outcome_map import best_in_words
from nnviz.figures.rules import RULE_LABELS
from nnviz.figures.run_grid import HOLDS_WITHOUT_E, OUTCOMES, RunGrid
from nnviz.figures.tiles import MATRICES, METRICS, PICTURES, SIDE, Tile, found_in_slices
from nnviz.paper.network import Array, Parameters
from nnviz.player.messages.wall import Shown, wall_message, wall_of
from nnviz.player.wire import LENGTH, json_of
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec
from nnviz.sweeps.cost import milestone_bytes
from nnviz.sweeps.grid import Outcome, grid, measured_in_slices, outcome, with_progress
from nnviz.sweeps.pool import last
from nnviz.ui.shared import sweeps
from nnviz.ui.shared.sweeps import Outcomes, missing

BASE = RunSpec("spiral", (("samples", 90),), Config(epochs=40, hidden_units=3))
IRIS = RunSpec("iris", (), Config(epochs=40, hidden_units=5))
AXES: dict[str, list[Any]] = {"learning_rate": [0.1, 2.0], "hidden_units": [2, 5]}
NAMED = {"learning rate": AXES["learning_rate"], "hidden units": AXES["hidden_units"]}


@functools.cache
def trained(spec: RunSpec) -> Recording:
    recorder = spec.recorder()
    recorder.run()
    return recorder.recording()


@functools.cache
def found_of(spec: RunSpec) -> tuple[Outcome, Tile]:
    """As a sweep does it: trained first, and then measured."""
    found = last(found_in_slices, (spec, True))
    along = last(measured_in_slices, (spec, found.milestones))
    assert found.tile is not None
    return with_progress(found.outcome, along), found.tile


def tile_of(spec: RunSpec) -> Tile:
    return found_of(spec)[1]


@pytest.mark.parametrize("spec", [BASE, IRIS])
def test_a_run_of_a_wall_comes_to_the_same(spec: RunSpec) -> None:
    assert repr(found_of(spec)[0]) == repr(outcome(trained(spec)))  # in which NaN is NaN
    before = last(found_in_slices, (spec, True))
    assert math.isnan(before.outcome.holds), "not measured yet"
    assert not len(before.outcome.along.epochs)
    assert last(found_in_slices, (spec, False)).tile is None


def parameters_of(run: Recording, epoch: int) -> Parameters:
    (there,) = (k.parameters for k in run.keyframes if k.epoch == epoch)
    return there


def answer(p: Parameters, x: Array) -> list[float]:
    return list(slow_reference.forward(p.W1, p.b1, p.W2, p.b2, x)[3])


def meant(tile: Tile, picture: str, frame: int) -> Array:
    moving = tile.matrices[picture]
    return moving.values[frame] * moving.scale + moving.offset


def test_a_decision_map_says_what_the_network_says_there() -> None:
    run, tile = trained(BASE), tile_of(BASE)
    data = run.dataset
    everything = np.hstack([data.X, data.X_test])
    low, high = everything.min(axis=1) - 0.15, everything.max(axis=1) + 0.15
    assert tile.matrices["decisions"].values.shape[1:] == (SIDE, SIDE)
    for frame in (0, len(tile.epochs) // 2, len(tile.epochs) - 1):
        p = parameters_of(run, int(tile.epochs[frame]))
        shown = meant(tile, "decisions", frame)
        for row, column in ((0, 0), (3, 20), (12, 11), (23, 7)):
            x = [low[0] + column / 23 * (high[0] - low[0]), low[1] + row / 23 * (high[1] - low[1])]
            a2 = answer(p, np.array(x))
            certainty = min(max((max(a2) - 1 / 3) / (2 / 3), 0.02), 0.98)
            assert shown[row, column] == pytest.approx(a2.index(max(a2)) + certainty, abs=0.007)


def test_where_there_is_no_plane_it_counts_what_each_class_is_taken_for() -> None:
    run, tile = trained(IRIS), tile_of(IRIS)
    data = run.dataset
    assert tile.classes == 0
    for frame in (0, len(tile.epochs) - 1):
        p = parameters_of(run, int(tile.epochs[frame]))
        taken = Counter(
            (int(true), max(range(3), key=answer(p, x).__getitem__))
            for x, true in zip(data.X.T, data.y, strict=True)
        )
        of_class = Counter(data.y.tolist())
        for true in range(3):
            for said in range(3):
                share = taken[true, said] / of_class[true]
                assert meant(tile, "decisions", frame)[true, said] == pytest.approx(
                    share, abs=0.003
                )


@pytest.mark.parametrize("spec", [BASE, IRIS])
def test_weights_and_metrics_are_the_run_s_own(spec: RunSpec) -> None:
    run, tile = trained(spec), tile_of(spec)
    data = run.dataset
    by_class = [m for k in range(3) for m in np.flatnonzero(data.y == k).tolist()]
    drawn = [by_class[round(at)] for at in np.linspace(0, len(by_class) - 1, SIDE)]
    assert tile.epochs[0] == 0
    assert tile.epochs[-1] == run.last_epoch
    for frame, epoch in enumerate(tile.epochs.tolist()):
        p = parameters_of(run, epoch)
        A1 = [slow_reference.forward(p.W1, p.b1, p.W2, p.b2, data.X[:, m])[1] for m in drawn]
        for name, wanted in (
            ("weights", np.hstack([p.W1, p.b1])),
            ("W2", np.hstack([p.W2, p.b2])),
            ("hidden", np.transpose(A1)),
        ):
            one_step = tile.matrices[name].scale
            assert one_step < 0.02 * np.abs(meant(tile, name, -1)).max()
            # Where some frames are far beyond the usual, the scale ends before them.
            top = tile.matrices[name].offset + 254 * one_step
            shown = np.clip(wanted, tile.matrices[name].offset, top)
            assert np.abs(meant(tile, name, frame) - shown).max() <= 0.51 * one_step
        assert tile.metrics[METRICS.index("loss"), frame] == pytest.approx(run.loss[epoch])
        found = tile.metrics[METRICS.index("test_accuracy"), frame]
        assert found == pytest.approx(run.test_accuracy[epoch])


def test_of_large_networks_only_so_much_is_kept() -> None:
    spec = RunSpec("digits", (), Config(epochs=100, hidden_units=64))
    tile = tile_of(spec)
    assert tile.matrices["weights"].values.shape[1:] == (SIDE, SIDE)
    assert tile.matrices["decisions"].values.shape[1:] == (10, 10)
    assert tile.matrices["W2"].values.shape[1:] == (10, SIDE)
    assert tile.matrices["hidden"].values.shape[1:] == (SIDE, SIDE)
    assert tile.nbytes <= 64 * (2 * SIDE * SIDE + 10 * SIDE + 100 + 4 * len(METRICS) + 4)


def test_a_run_that_diverges_has_a_tile_up_to_there() -> None:
    config = Config(epochs=400, hidden_units=3, learning_rate=1e6, gradient="drop_error_term")
    spec = RunSpec("spiral", (("samples", 30),), config)
    run, tile = trained(spec), tile_of(spec)
    assert run.status == "diverged"
    assert tile.epochs[-1] == run.last_epoch < 400
    run_grid = RunGrid.of({}, [spec], {0: outcome(run)})
    told = wall_of(run_grid, {0: tile}, Shown("weights", "final loss", None))
    assert told["places"][0]["status"] == "diverged"
    assert math.isfinite(told["scales"]["weights"]["high"])
    assert told["film"]


def wall(
    shown: Shown, left_out: tuple[int, ...] = (), seeds: int = 2, base: RunSpec = BASE
) -> tuple[dict[str, Any], RunGrid]:
    """The message's wall of a grid that is trained but for some runs."""
    specs = grid(base, AXES, seeds)
    there = [n for n in range(len(specs)) if n not in left_out]
    run_grid = RunGrid.of(NAMED, specs, {n: outcome(trained(specs[n])) for n in there})
    tiles = {n: tile_of(specs[n]) for n in there if n % seeds == 0}
    return wall_of(run_grid, tiles, shown), run_grid


def test_places_say_their_settings_their_number_and_its_spread() -> None:
    told, run_grid = wall(Shown("decisions", "test accuracy", None))
    assert told["heads"] == [["α 0.1", "α 2"], ["2 units", "5 units"], [""]]
    for place in told["places"]:
        column, row, layer = place["place"]
        assert layer == 0
        spec = run_grid.specs[place["opens"]]
        assert spec.config.learning_rate == AXES["learning_rate"][column]
        assert spec.config.hidden_units == AXES["hidden_units"][row]
        assert spec.config.seed == BASE.config.seed
        assert place["said"] == f"α {spec.config.learning_rate:g}, {spec.config.hidden_units} units"
        both = [run_grid.outcomes[place["opens"] + n].test_accuracy for n in (0, 1)]
        assert place["value"] == pytest.approx(sum(both) / 2)
        assert "over 2 of 2 seeds" in place["spread"]
        # Its number follows the scrubber.
        assert told["metrics"][told["over"]] == "test_accuracy"
        assert place["metrics"][told["over"], -1] == pytest.approx(both[0])
        tile = tile_of(spec)
        assert (place["epochs"] == tile.epochs).all()
        assert not told["film"]
        (sent,) = place["matrices"].values()
        says = tile.matrices["decisions"]
        assert (sent["frames"] == says.values).all()
        assert (sent["unit"], sent["zero"]) == (says.scale, says.offset)


def test_the_best_place_has_the_best_mean_of_all_its_seeds() -> None:
    for shown, better in (("final loss", min), ("test accuracy", max)):
        told, run_grid = wall(Shown("loss", shown, (1, 0, 0)))
        values = {tuple(p["place"]): p["value"] for p in told["places"]}
        (best,) = (tuple(p["place"]) for p in told["places"] if p["best"])
        assert values[best] == better(values.values())
        assert run_grid.best(shown) == {best: values[best]}
        (current,) = (p for p in told["places"] if p["current"])
        assert current["place"] == [1, 0, 0]
        # While a run is missing anywhere, nobody knows which will be best.
        told, _ = wall(Shown("loss", shown, None), left_out=(1,))
        assert not any(p["best"] for p in told["places"])
    told, _ = wall(Shown("loss", "mean |E|", None))
    assert not any(p["best"] for p in told["places"]), "no |E| is better than another"


def test_of_each_rule_its_own_best_place_is_marked() -> None:
    """Own best α of each rule (theory.md, 9b)."""
    axes: dict[str, list[Any]] = {
        "learning_rate": [0.1, 1.0, 5.0],
        "gradient": ["exact", "difference"],
    }
    specs = grid(BASE, axes, seeds=2)
    found = {n: outcome(trained(spec)) for n, spec in enumerate(specs)}
    named = {"learning rate": axes["learning_rate"], "gradient rule": axes["gradient"]}
    run_grid = RunGrid.of(named, specs, found)
    best, said = run_grid.best("final loss"), best_in_words(run_grid, "final loss")
    expected: list[Any] = []
    for row, rule in enumerate(axes["gradient"]):
        means = {}
        for column, rate in enumerate(axes["learning_rate"]):
            losses = [
                found[n].loss
                for n, spec in enumerate(specs)
                if (spec.config.gradient, spec.config.learning_rate) == (rule, rate)
            ]
            means[column] = sum(losses) / len(losses)
        column = min(means, key=means.__getitem__)
        expected.append(((column, row, 0), pytest.approx(means[column])))
        rate = f"α {axes['learning_rate'][column]:g}"
        assert f"{RULE_LABELS[rule]} {means[column]:.3g} at {rate}" in said
    assert set(best) == {place for place, _ in expected}
    for place, mean in expected:
        assert best[place] == mean
    assert said.startswith("Best mean final loss of each rule: ")


def test_places_that_are_as_good_are_all_marked() -> None:
    specs = grid(BASE, {"learning_rate": [0.1, 0.2, 0.5]}, seeds=1)
    one = outcome(trained(specs[0]))
    found = {n: replace(one, test_accuracy=value) for n, value in enumerate((0.9, 0.8, 0.9))}
    run_grid = RunGrid.of({"learning rate": [0.1, 0.2, 0.5]}, specs, found)
    assert run_grid.best("test accuracy") == {(0, 0, 0): 0.9, (2, 0, 0): 0.9}
    said = best_in_words(run_grid, "test accuracy")
    assert said == "Best mean test accuracy: 0.9 at α 0.1 and 1 more."
    # The same counts of samples right, by other seeds: their means differ by rounding.
    specs = grid(BASE, {"learning_rate": [0.1, 0.2]}, seeds=3)
    counts = (113, 112, 112, 111, 114, 112)
    rounded = {n: replace(one, accuracy=count / 114) for n, count in enumerate(counts)}
    run_grid = RunGrid.of({"learning rate": [0.1, 0.2]}, specs, rounded)
    assert run_grid.best("training accuracy") == {}, "both are as good"
    # Agreeing with (14) makes no network better.
    assert all(RunGrid.of({"learning rate": [0.1, 0.2]}, specs, {}).best(s) == {} for s in OUTCOMES)
    assert not run_grid.best("A − Y (16), final angle")
    assert not run_grid.best(HOLDS_WITHOUT_E)
    assert best_in_words(run_grid, "mean |E|") == ""


def test_seeds_without_a_value_are_counted() -> None:
    specs = grid(BASE, {"learning_rate": [0.1]}, seeds=3)
    one = outcome(trained(specs[0]))
    found = {0: replace(one, epochs_to_target=7), 1: replace(one, epochs_to_target=None)}
    run_grid = RunGrid.of({"learning rate": [0.1]}, specs, found)
    (place,) = wall_of(run_grid, {}, Shown("decisions", "epochs to target", None))["places"]
    assert (place["value"], place["without"]) == (7, "1 of 3 seeds")


def test_the_place_of_the_controls_own_settings_is_found_whatever_the_seed() -> None:
    specs = grid(BASE, AXES, seeds=2)
    run_grid = RunGrid.of(NAMED, specs, {})
    own = replace(BASE, config=replace(BASE.config, learning_rate=2.0, hidden_units=5, seed=77))
    assert run_grid.place_of(own) == (1, 1, 0)
    assert run_grid.place_of(BASE) is None
    assert run_grid.place_of(replace(own, options=(("noise", 1.0), ("samples", 90)))) is None


def test_a_place_whose_run_is_not_trained_is_there_without_a_picture() -> None:
    told, _ = wall(Shown("weights", "dead units", None), left_out=(2, 3))
    there = ["epochs" in place for place in told["places"]]
    assert there == [True, False, True, True]
    assert told["places"][1]["value"] is None
    nothing = RunGrid.of(NAMED, grid(BASE, AXES, 1), {})
    empty = wall_of(nothing, {}, Shown("loss", "final loss", None))
    assert len(empty["places"]) == 4
    assert empty["end"] == 0


@pytest.mark.parametrize("picture", PICTURES)
def test_one_scale_for_all_places(picture: str) -> None:
    told, run_grid = wall(Shown(picture, "final loss", None))
    tiles = [tile_of(run_grid.specs[place["opens"]]) for place in told["places"]]
    if picture in MATRICES:
        assert list(told["scales"]) == [picture]
        scale = told["scales"][picture]
    if picture == "weights":
        limits = sorted(-tile.matrices["weights"].offset for tile in tiles)
        assert len(limits) == 4
        high = min(limits[3], limits[1] + limits[2])  # twice the median
        assert (scale["low"], scale["high"]) == pytest.approx((-high, high))
    elif picture == "decisions":
        assert (scale["low"], scale["high"], len(scale["colours"])) == (0, 3, 6)
    else:
        names = {"loss": ("loss", "test_loss"), "E": ("error_term_mean_abs",)}[picture]
        assert told["scales"] == {}
        drawn = [told["metrics"][row] for row in told["charts"][picture]["lines"]]
        assert drawn == list(names)
        top = max(
            getattr(trained(run_grid.specs[place["opens"]]), name)[tile.epochs].max()
            for place, tile in zip(told["places"], tiles, strict=True)
            for name in names
        )
        if picture == "loss":
            every = [loss for one in run_grid.outcomes.values() for _, loss in one.curve]
            top = max(top, *every)
        assert told["charts"][picture]["high"] == pytest.approx(top)


def test_the_loss_is_drawn_of_every_seed() -> None:
    told, run_grid = wall(Shown("loss", "final loss", None), left_out=(3,))
    for place in told["places"]:
        numbers = [n for n in (place["opens"], place["opens"] + 1) if n in run_grid.outcomes]
        assert len(place["seeds"]) == len(numbers)
        for curve, number in zip(place["seeds"], numbers, strict=True):
            loss = trained(run_grid.specs[number]).loss
            assert curve["epochs"][-1] == len(loss) - 1
            np.testing.assert_allclose(curve["loss"], loss[curve["epochs"]], rtol=1e-6)
    told, _ = wall(Shown("decisions", "final loss", None))
    assert not any(place["seeds"] for place in told["places"]), "nothing is sent that is not drawn"


def test_the_strip_is_of_the_rule_in_use_or_of_a_minus_y() -> None:
    for gradient, rule in (("exact", "difference"), ("drop_error_term", "drop_error_term")):
        base = replace(BASE, config=replace(BASE.config, gradient=gradient))
        told, run_grid = wall(Shown("decisions", "final loss", None), base=base)
        assert told["rule"] == rule
        for place in told["places"]:
            along = run_grid.outcomes[place["opens"]].along
            sent = place["measured"]["matched"][rule]
            assert np.allclose(sent, along.matched[rule], equal_nan=True)


def test_a_share_is_by_the_criterion_of_the_controls() -> None:
    specs = grid(BASE, {"learning_rate": [0.1, 2.0]}, seeds=1)
    found = {n: outcome(trained(spec)) for n, spec in enumerate(specs)}
    shares = []
    for criterion in (Criterion(), Criterion(0.5, 50), Criterion(1.0, 1), Criterion(0.9, 200)):
        run_grid = RunGrid.of({"learning rate": [0.1, 2.0]}, specs, found, criterion)
        for n in found:
            (share,) = run_grid.found(HOLDS_WITHOUT_E, [n])
            along = found[n].along
            if criterion.horizon == 200:
                assert math.isnan(share), "of many runs it is not measured that far"
                continue
            rho = np.clip(along.at(criterion.horizon, "drop_error_term"), -1, 3)
            fine = np.linspace(0, along.epochs[-1], 100_001)
            between = np.interp(np.log1p(fine), np.log1p(along.epochs), rho)
            assert share == pytest.approx((between >= criterion.threshold).mean(), abs=1e-3)
            shares.append(share)
    assert len(set(shares)) > 2


def test_more_places_have_fewer_frames() -> None:
    """A message stays below a megabyte."""
    specs = grid(BASE, {"learning_rate": [0.1 + n / 100 for n in range(100)]}, seeds=1)
    tile = tile_of(BASE)
    long = replace_frames(tile, 64)
    found = dict.fromkeys(range(100), found_of(BASE)[0])
    run_grid = RunGrid.of({"learning rate": list(range(100))}, specs, found)
    tiles = dict.fromkeys(range(100), long)
    shown = Shown("decisions", "final loss", None)
    assert len(wall_message(run_grid, tiles, shown, "r", "v")) < 1_000_000
    first = wall_of(run_grid, tiles, shown)["places"][0]
    assert 5 < len(first["epochs"]) < 64
    assert first["epochs"][0] == 0
    assert first["epochs"][-1] == 63
    assert set(first["matrices"]) == set(MATRICES), "a film shows all of them"
    for sent in first["matrices"].values():
        assert len(sent["frames"]) == len(first["epochs"]) == len(first["metrics"][0])


def test_the_scrubber_stops_where_the_places_have_something_to_show() -> None:
    """Between, pictures and numbers would be of an earlier epoch than it says."""
    specs = grid(BASE, {"learning_rate": [0.1, 0.5]}, seeds=1)
    found = {n: outcome(trained(spec)) for n, spec in enumerate(specs)}
    run_grid = RunGrid.of({"learning rate": [0.1, 0.5]}, specs, found)
    tiles = {n: tile_of(spec) for n, spec in enumerate(specs)}
    packed = wall_message(run_grid, tiles, Shown("decisions", "final loss", None), "r", "v")
    told = json.loads(json_of(packed))
    at, dtype, shape = told["epochs"]["$array"]
    (length,) = LENGTH.unpack_from(packed)
    start = LENGTH.size + length + at
    epochs = np.frombuffer(packed[start : start + 4 * shape[0]], dtype).tolist()
    assert epochs == sorted({*tiles[0].epochs.tolist(), *tiles[1].epochs.tolist()})


def test_what_is_said_to_hold_is_the_share_of_the_epochs() -> None:
    told, run_grid = wall(Shown("decisions", "final loss", None), left_out=(2, 3))
    for place in told["places"]:
        number = place["opens"]
        if number in run_grid.outcomes:
            assert place["held"] == run_grid.outcomes[number].holds
        else:
            assert place["held"] is None
    assert told["farthest"] == 50
    assert told["about"] == "spiral, A − Y (16)"


def replace_frames(tile: Tile, count: int) -> Tile:
    """The same tile with so many frames."""

    def many(values: Any) -> Any:
        return np.resize(values, (count, *values.shape[1:]))

    return replace(
        tile,
        epochs=np.arange(count, dtype=np.uint32),
        matrices={
            name: replace(moving, values=many(moving.values))
            for name, moving in tile.matrices.items()
        },
        metrics=np.resize(tile.metrics, (len(METRICS), count)),
    )


def test_tiles_are_kept_within_their_memory_and_trained_again_where_they_are_gone() -> None:
    specs = grid(BASE, AXES, seeds=2)
    drawn = range(0, 8, 2)
    found = {n: last(found_in_slices, (spec, n in drawn)) for n, spec in enumerate(specs)}
    size = tile_of(specs[0]).nbytes
    kept = Outcomes(most_bytes=int(2.5 * size))
    assert missing(specs, kept, drawn) == [
        *((specs[n], True) for n in (0, 2, 4, 6)),
        *((specs[n], False) for n in (1, 3, 5, 7)),
    ]
    for n, spec in enumerate(specs):
        kept.put(spec, found[n])
    assert sorted(kept.tiles(specs)) == [4, 6]
    assert sorted(kept.of(specs)) == list(range(8))
    assert missing(specs, kept, drawn) == [(specs[0], True), (specs[2], True)]
    assert not missing(specs, kept, ()), "without pictures nothing is missing"


def test_what_is_measured_comes_to_the_outcome() -> None:
    kept, specs = Outcomes(), [BASE]
    found = last(found_in_slices, (BASE, True))
    kept.put(BASE, found)
    assert kept.unmeasured(specs) == [(BASE, found.milestones)]
    along = last(measured_in_slices, (BASE, found.milestones))
    kept.measure(BASE, along)
    assert not kept.unmeasured(specs)
    assert kept.of(specs)[0] == outcome(trained(BASE))
    assert kept.of(specs)[0].along is along
    kept.measure(IRIS, along)  # of a run that is forgotten: nothing
    assert not kept.of([IRIS])


def test_what_waits_to_be_measured_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose keyframes have no room is forgotten as a whole, and trained again."""
    specs = grid(BASE, {}, seeds=8)
    found = {spec: last(found_in_slices, (spec, False)) for spec in specs}
    size = sum(k.parameters.nbytes for k in found[specs[-1]].milestones)
    monkeypatch.setattr(sweeps, "MOST_WAITING_BYTES", int(2.5 * size))
    kept = Outcomes()
    for spec in specs:
        kept.put(spec, found[spec])
    assert len(kept.unmeasured(specs)) == len(kept.of(specs)) == 2
    assert len(missing(specs, kept, ())) == 6
    for spec, _ in kept.unmeasured(specs):
        kept.measure(spec, last(measured_in_slices, (spec, found[spec].milestones)))
    for spec in specs[:2]:  # there is room again
        kept.put(spec, found[spec])
    assert len(kept.of(specs)) == 4


def test_a_forgotten_run_has_no_tile() -> None:
    """Or its place would have a picture, and never again a number."""
    kept, specs = Outcomes(most=1), grid(BASE, {}, seeds=2)
    for spec in specs:
        kept.put(spec, last(found_in_slices, (spec, True)))
    assert list(kept.of(specs)) == list(kept.tiles(specs)) == [1]
    assert missing(specs, kept, (0, 1)) == [(specs[0], True)]


def test_a_sweep_measures_before_too_much_waits() -> None:
    small = [(spec, False) for spec in grid(BASE, {}, seeds=60)]
    assert [len(some) for some in sweeps._batches(small)] == [60]
    large = RunSpec("digits", (), Config(epochs=10, hidden_units=128))
    asked = [(spec, False) for spec in grid(large, {}, seeds=10)]
    assert [len(some) for some in sweeps._batches(asked)] == [4, 4, 2]
    kept = last(found_in_slices, asked[0]).milestones
    assert sum(k.parameters.nbytes for k in kept) <= milestone_bytes(large)
    assert not list(sweeps._batches([]))
