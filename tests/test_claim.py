"""What the Train page claims of a run, by the browser's modules, beside recomputed numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from node import run_js

from nnviz.approximation.agreement import APPROXIMATIONS, compare_rules
from nnviz.data.datasets import load_dataset
from nnviz.figures.claim import LEVELS, claim
from nnviz.figures.frames import frames_of
from nnviz.figures.metrics import metrics_of
from nnviz.paper.error_term import error_term
from nnviz.paper.network import accuracy, forward, loss
from nnviz.player.measuring import Measuring
from nnviz.player.messages.train import train_message
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, Recording, parameters_at, train
from nnviz.runs.training import Trainer

SENTENCE = """
import { Holds } from "STATIC/holds.js";
import { sentence } from "STATIC/sentence.js";
import { unpack } from "STATIC/wire.js";
const run = unpack(given.run);
const progress = given.progress.length ? unpack(given.progress) : null;
const holds = new Holds(run.claim, progress, given.criterion);
const value = (name, at) => run.metrics.find((one) => one.name === name).values.flat[at];
const rules = [["drop_error_term", "Without E"], ["difference", "A − Y"]];
answer(given.epochs.map((epoch) => {
  const at = run.epochs.flat.indexOf(epoch);
  const seen = { epoch, accuracy: value("accuracy", at), E: value("error_term_mean_abs", at) };
  const parts = sentence(seen, holds, rules.map(([rule, label]) => ({ rule, label })));
  return parts.map(({ text }) => text).join("");
}));
"""

LANES = """
import { Holds } from "STATIC/holds.js";
import { unpack } from "STATIC/wire.js";
const holds = new Holds(unpack(given.run).claim, unpack(given.progress), given.criterion);
answer(Object.fromEntries(given.rules.map((rule) =>
  [rule, { step: holds.lane(rule, "step"), next: holds.lane(rule, "next") }])));
"""

NORMAL = {"threshold": 0.9, "horizon": 50}


def sent(run: Recording, measured: bool = True) -> dict[str, bytes]:
    """The messages of a run and of its progress."""
    measuring = Measuring(run)
    measuring.go_on(run, 60)
    return {
        "run": train_message(run, "id"),
        "progress": measuring.packed("id", True) if measured else b"",
    }


def gains(run: Recording, epoch: int, rule: str, steps: int) -> tuple[float, float]:
    """Progress by (14) and by a rule with matched steps, by one trainer each."""
    found = []
    for of, length in (("exact", "learning_rate"), (rule, "matched")):
        config = replace(run.config, gradient=of, step_length=length)
        trainer = Trainer(config, run.dataset, start=parameters_at(run, epoch))
        before = trainer.parameters
        for _ in range(steps):
            trainer.step()
        X, Y = run.dataset.X, run.dataset.Y
        first, last = (loss(forward(p, X).A2, Y) for p in (before, trainer.parameters))
        found.append(first - last)
    return found[0], found[1]


@pytest.mark.parametrize(
    ("dataset", "seed", "horizon"),
    [("spiral", 0, 50), ("spiral", 3, 50), ("moons", 1, 10), ("blobs", 2, 50), ("iris", 0, 50)],
)
def test_the_sentence_says_what_is_so(dataset: str, seed: int, horizon: int) -> None:
    run = train(Config(seed=seed), load_dataset(dataset))
    data = run.dataset
    measuring = Measuring(run)
    epochs = [*measuring.planned[:: len(measuring.planned) // 5], run.last_epoch]
    criterion = {"threshold": 0.9, "horizon": horizon}
    said = run_js(SENTENCE, **sent(run), epochs=epochs, criterion=criterion)
    for epoch, text in zip(epochs, said, strict=True):
        parameters = parameters_at(run, epoch)
        A2 = forward(parameters, data.X).A2
        E = np.abs(error_term(A2, data.Y)).mean()
        start = re.match(r"Epoch ([\d,]+): accuracy (\d+) %, mean \|E\| ([\d.e+-]+)\. ", text)
        assert start, text
        assert start[1].replace(",", "") == str(epoch)
        assert abs(int(start[2]) - 100 * accuracy(A2, data.y)) <= 0.5 + 1e-6
        assert float(start[3]) == pytest.approx(E, rel=0.051)
        agreement = compare_rules(parameters, data.X, data.Y).agreement
        parts = re.split(r"(?:Without E|A − Y) ", text)[1:]
        for rule, part in zip(("drop_error_term", "difference"), parts, strict=True):
            turned = re.search(r"turns (\d+)° away", part)
            assert turned, part
            assert int(turned[1]) == pytest.approx(agreement[rule].angle[-1], abs=0.51)
            exact, own = gains(run, epoch, rule, horizon)
            assert f"{horizon} such steps" in part
            if own < 0:
                assert "raise the loss: it fails" in part
                continue
            times = re.search(
                r"lower the loss (?:([\d.,]+) times )?as much[^:]*: (it [a-z ]+)", part
            )
            assert times, part
            rho = own / exact
            assert float((times[1] or "1").replace(",", "")) == pytest.approx(rho, rel=0.06)
            assert times[2] == (
                "it holds" if rho >= 0.9 else "it does not hold" if rho >= 0.45 else "it fails"
            )
            assert ("not because E is small" in part) == (rule == "difference" and rho >= 0.9)


def test_the_issue_s_example() -> None:
    """At the end of the default run E is small, and dropping it is at its worst."""
    run = train(Config(), load_dataset("spiral"))
    said = run_js(SENTENCE, **sent(run), epochs=[1000], criterion=NORMAL)[0]
    assert "mean |E| 0.022" in said
    assert "Without E the step turns 106° away from the exact one" in said
    assert "50 such steps raise the loss: it fails" in said


def test_what_is_not_measured_is_said() -> None:
    run = train(Config(epochs=100), load_dataset("spiral"))
    said = run_js(SENTENCE, **sent(run, measured=False), epochs=[100], criterion=NORMAL)[0]
    assert said.count("the next 50 steps are being measured") == 2
    assert "hold" not in said


def test_what_is_undefined_says_why() -> None:
    stuck = train(Config(epochs=20, init_scale=0, gradient="exact"), load_dataset("xor"))
    steep = train(Config(epochs=200, learning_rate=20), load_dataset("moons"))
    for run, why in (
        (stuck, "the exact gradient (14) makes no progress"),
        (steep, "the exact gradient (14) itself raises the loss"),
    ):
        epochs = [epoch for epoch in Measuring(run).planned if epoch <= run.last_epoch]
        said = " ".join(run_js(SENTENCE, **sent(run), epochs=epochs, criterion=NORMAL))
        assert why in said, said
        assert "NaN" not in said


@pytest.mark.parametrize(("threshold", "horizon"), [(0.9, 50), (0.6, 10), (0.9, 200), (0.9, 1)])
def test_lanes_are_what_was_measured(threshold: float, horizon: int) -> None:
    run = train(Config(), load_dataset("spiral"))
    criterion = {"threshold": threshold, "horizon": horizon}
    lanes = run_js(LANES, **sent(run), rules=list(APPROXIMATIONS), criterion=criterion)

    def level(value: float) -> str:
        return "holds" if value >= threshold else "half" if value >= threshold / 2 else "fails"

    for rule, lane in lanes.items():
        assert [cell["epoch"] for cell in lane["step"]] == [k.epoch for k in run.keyframes]
        for at in range(0, len(run.keyframes), 17):
            p = run.keyframes[at].parameters
            angle = compare_rules(p, run.dataset.X, run.dataset.Y).agreement[rule].angle[-1]
            assert lane["step"][at]["level"] == level(float(np.cos(np.radians(angle))))
        assert len(lane["next"]) == (4 if horizon == 200 else len(Measuring(run).planned)) or (
            horizon == 200 and 2 < len(lane["next"]) < 8
        )
        for cell in lane["next"][::4]:
            exact, own = gains(run, cell["epoch"], rule, horizon)
            if abs(own / exact - threshold) > 1e-3:
                assert cell["level"] == level(own / exact)


def test_a_growing_run_is_filled_in() -> None:
    """What is measured of a run stays when it grows, and what is not is shown as that."""
    recorder = Recorder(Config(), load_dataset("spiral"))
    recorder.run(epochs=100)
    run = recorder.recording()
    measuring = Measuring(run)
    measuring.go_on(run, 60)
    assert not measuring.is_complete(run, growing=True)
    part = measuring.packed("id", False)
    lanes = run_js(
        LANES, run=train_message(run, "id"), progress=part, rules=["difference"], criterion=NORMAL
    )["difference"]["next"]
    known = [cell["epoch"] for cell in lanes if cell["level"] != "later"]
    later = [cell["epoch"] for cell in lanes if cell["level"] == "later"]
    assert known
    assert later
    assert max(known) <= 100
    recorder.run()
    ended = recorder.recording()
    measuring.go_on(ended, 60)
    assert measuring.is_complete(ended, growing=False)
    whole = Measuring(ended)
    whole.go_on(ended, 60)
    for rule in APPROXIMATIONS:
        np.testing.assert_array_equal(
            measuring.found.matched[rule], whole.found.matched[rule], err_msg="by slices or at once"
        )


def test_the_picture_s_bands_are_those_of_the_samples() -> None:
    run = train(Config(epochs=60), load_dataset("iris"))
    picture = claim(frames_of(run), metrics_of(run))
    bands = [t for t in picture.figure["data"] if t["line"]["width"] == 0]
    level = dict(zip((0, 3, 1, 2), bands, strict=True))
    for frame in (0, len(run.keyframes) // 2, -1):
        A2 = forward(run.keyframes[frame].parameters, run.dataset.X).A2
        E = sorted(
            abs(sum(a * (a - t) for a, t in zip(A2[:, m], run.dataset.Y[:, m], strict=True)))
            for m in range(run.dataset.y.size)
        )
        for number, at in enumerate(LEVELS):
            place = at * (len(E) - 1)
            low = int(place)
            expected = E[low] + (place - low) * (E[min(low + 1, len(E) - 1)] - E[low])
            assert level[number]["y"][frame] == pytest.approx(expected, abs=1e-5)


SCALE = """
import { EpochScale } from "STATIC/epochs.js";
answer(given.ends.flatMap((end) => [false, true].map((linear) => {
  const scale = new EpochScale(end, linear);
  const epochs = [0, 1, 2, Math.floor(end / 3), end].filter((epoch) => epoch <= end);
  const ticks = scale.ticks();
  return {
    end, linear, ticks,
    shares: ticks.map((epoch) => scale.share(epoch)),
    back: epochs.every((epoch) => scale.epoch(scale.share(epoch)) === epoch),
    clipped: [scale.epoch(-1), scale.epoch(2)],
  };
})));
"""


def test_epochs_and_places_belong_together() -> None:
    for scale in run_js(SCALE, ends=[1, 2, 7, 20, 100, 1000, 20_000, 1_000_000]):
        assert scale["back"], scale
        assert scale["clipped"] == [0, scale["end"]]
        assert scale["ticks"][0] == 0
        assert scale["ticks"][-1] == scale["end"]
        assert all(b - a >= 0.075 - 1e-9 for a, b in pairwise(scale["shares"]))
        inner = scale["ticks"][1:-1]
        assert all(re.fullmatch(r"[1235]0*", str(tick)) or scale["linear"] for tick in inner)
        assert len(scale["ticks"]) <= (8 if scale["linear"] else 14)


LABELS = """
import { lineLabels } from "STATIC/labels.js";
const layout = { font: { size: 11 }, yaxis: { range: [-2, 3] } };
const traces = given.ends.map((value, i) => (
  { meta: { label: `line ${i}` }, x: [0, 1], y: [0, value], line: { color: "#000000" } }));
const labels = lineLabels(traces, layout, { y: given.height });
answer(labels.map(({ y }) => ((y + 2) / 5) * given.height));
"""


@pytest.mark.parametrize("ends", [[0, 0, 0], [-9, -9, 9], [3, 3, 2.9], [-2, 0.1, 0.2], [1]])
def test_names_of_lines_keep_apart(ends: list[float]) -> None:
    places = sorted(run_js(LABELS, ends=ends, height=120))
    assert len(places) == len(ends)
    assert all(b - a >= 13 for a, b in pairwise(places))
    assert places[0] >= 6
    assert places[-1] <= 120 + 1e-9


TIMES = """
import { times } from "STATIC/sentence.js";
import { nearest } from "STATIC/threshold.js";
answer({ said: given.values.map((rho) => times(rho, 0.9)), near: given.near.map(nearest) });
"""


def test_a_number_is_on_the_side_of_the_threshold_that_is_claimed() -> None:
    values = [0.8999, 0.9, 0.8951, 0.9049, 1.74, 12.3, 1234.5, 0]
    found = run_js(TIMES, values=values, near=[0.1, 0.52, 0.874, 0.876, 2])
    for rho, said in zip(values, found["said"], strict=True):
        shown = float(said.replace(",", ""))
        assert (shown >= 0.9) == (rho >= 0.9), (rho, said)
        assert shown == pytest.approx(rho, rel=0.05)
    assert found["near"] == [0.5, 0.5, 0.85, 0.9, 1]


def test_the_headline_of_theory_holds_over_seeds() -> None:
    """Without E the direction is lost within some epochs; A − Y holds over 50 steps at first."""
    last: dict[str, list[Any]] = {rule: [] for rule in APPROXIMATIONS}
    for seed in range(4):
        run = train(Config(seed=seed), load_dataset("spiral"))
        lanes = run_js(LANES, **sent(run), rules=list(APPROXIMATIONS), criterion=NORMAL)
        for rule in APPROXIMATIONS:
            steps = lanes[rule]["step"]
            last[rule].append(max(c["epoch"] for c in steps if c["level"] == "holds"))
        early = [cell["level"] for cell in lanes["difference"]["next"] if cell["epoch"] <= 20]
        assert early.count("holds") >= 0.9 * len(early)
        late = [cell["level"] for cell in lanes["drop_error_term"]["next"] if cell["epoch"] >= 100]
        assert "holds" not in late
    assert max(last["drop_error_term"]) < 30
