"""The verdict on a run: every number in it, recomputed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nnviz.approximation.agreement import APPROXIMATIONS, compare_rules
from nnviz.approximation.course import course
from nnviz.approximation.holding import Criterion
from nnviz.approximation.milestones import milestones, progress
from nnviz.approximation.progress import HORIZONS, RISES, WHY, ZERO, Progress, measure
from nnviz.approximation.verdict import TOO_LARGE, verdict, verdict_of
from nnviz.data.datasets import load_dataset
from nnviz.paper.error_term import error_term
from nnviz.paper.gradients import RULE_NAMES
from nnviz.paper.network import forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder, Recording, train


def said_of(sentences: list[str], rule: str) -> str:
    """The one sentence that begins with a rule's name."""
    name = RULE_NAMES[rule]
    (found,) = [s for s in sentences if re.match(rf"{re.escape(name)}( holds|:)", s, re.I)]
    return found


def epochs_in(text: str) -> list[tuple[int, int]]:
    """The stretches that "in epochs …" names at the start of a text."""
    words = re.match(r"in epochs? ([\d,–]+(?:(?:, | and )[\d,–]+)*)", text)
    assert words, text
    numbers = [part.replace(",", "").split("–") for part in re.split(r", | and ", words[1])]
    return [(int(pair[0]), int(pair[-1])) for pair in numbers]


def inside(epoch: int, named: list[tuple[int, int]]) -> bool:
    return any(first <= epoch <= last for first, last in named)


@pytest.mark.parametrize("horizon", [1, 50, 200])
@pytest.mark.parametrize("seed", range(3))
def test_the_verdict_says_where_each_rule_holds(seed: int, horizon: int) -> None:
    run = train(Config(epochs=1500, seed=seed), load_dataset("spiral"))
    criterion = Criterion(0.85, horizon)
    along = course(run)
    sentences = verdict(run, along, progress(run), criterion)
    steps = "1 step" if horizon == 1 else f"{horizon} steps"
    starts = {
        epoch for group in milestones(run.config, run.dataset)
        for epoch in group.epochs if group.steps >= horizon
    }  # fmt: skip
    keyframes = [keyframe for keyframe in run.keyframes if keyframe.epoch in starts]
    again = measure(run.config, run.dataset, keyframes, horizon)
    for rule in APPROXIMATIONS:
        said = said_of(sentences, rule)
        over, step = said.split("; ")
        rho = again.matched[rule][:, HORIZONS.index(horizon)]
        holds = dict(zip(again.epochs.tolist(), (rho >= 0.85).tolist(), strict=True))
        if any(holds.values()):
            where = over.split(f" holds over {steps} ")[1]
            named = epochs_in(where)
            assert len(named) <= 3
            for epoch, held in holds.items():
                if inside(epoch, named):
                    assert held, f"{rule} does not hold in epoch {epoch}: {over}"
                elif " more" not in where:
                    assert not held, f"{rule} holds in epoch {epoch}, too: {over}"
            if " more" not in where:
                part = 100 * sum(b - a + 1 for a, b in named) / 1501
                sized = re.search(r"(under |over )?(\d+) % of the run$", over)
                assert sized
                near = int(sized[2])
                assert (part < 0.5) if sized[1] == "under " else abs(part - near) <= 1
        else:
            assert over.endswith(f"holds nowhere over {steps}")
        angle = along.angle[rule][:, -1]
        close = angle <= np.degrees(np.arccos(0.85))
        assert step.startswith("its next step is within 32° of exact (14) in epoch")
        named = epochs_in(step.split("exact (14) ")[1])
        listed = np.array([inside(epoch, named) for epoch in along.epochs])
        assert close[listed].all()
        if " more" not in step:
            assert not close[~listed].any()
    text = " ".join(sentences)
    count = len(keyframes)
    assert f"Measured from {count} epochs, so a stretch may be longer" in text
    assert "than stated; holding means at least 0.85 times the progress" in text
    assert "nan" not in text.replace("nance", "")


@pytest.mark.parametrize("seed", range(3))
def test_the_size_of_E_stands_apart_and_is_no_reason_for_16(seed: int) -> None:
    run = train(Config(epochs=1500, seed=seed, learning_rate=1.0), load_dataset("spiral"))
    *before, of_E = verdict_of(run, Criterion())
    assert "(16)" not in of_E
    assert all("|E|" not in sentence and "A·E" not in sentence for sentence in before)
    small = int(re.search(r"below 0.05 from epoch ([\d,]+)", of_E)[1].replace(",", ""))  # type: ignore[index]
    assert (run.error_term_mean_abs[small:] < 0.05).all()
    assert run.error_term_mean_abs[small - 1] >= 0.05
    keyframe = next(k for k in run.keyframes if k.epoch >= small)
    X, Y = run.dataset.X, run.dataset.Y
    angle = compare_rules(keyframe.parameters, X, Y).agreement["drop_error_term"].angle[-1]
    where = "where" if keyframe.epoch == small else f"and in epoch {keyframe.epoch:,}"
    assert f"{small:,}, {where} without E (15) is at {angle:.0f}°" in of_E

    def neglected(at: int) -> float:
        A2 = forward(run.keyframes[at].parameters, X).A2
        E = error_term(A2, Y)
        return float(np.linalg.norm(A2 * E) / np.linalg.norm(A2 * (A2 - Y) - A2 * E))

    if larger := re.search(r"from epoch ([\d,]+) the neg.*, ([\d.]+) times at the end", of_E):
        since = int(larger[1].replace(",", ""))
        at = [k.epoch for k in run.keyframes].index(since)
        assert neglected(at) > 1 >= neglected(at - 1)
        assert larger[2] == f"{neglected(-1):.1f}"
    else:
        assert f"at the end the neglected term A·E is {neglected(-1):.2g} times" in of_E


def test_of_many_stretches_the_longest_are_named_in_order() -> None:
    run = train(Config(epochs=1000), load_dataset("spiral"))
    along, found = course(run), progress(run)
    rho = np.full(found.why.shape, 0.0)
    rho[[0, 3, 4, 8, 12, 13, 17]] = 1.0  # five stretches, of which two are of two milestones
    made = Progress(found.epochs, dict.fromkeys(APPROXIMATIONS, rho), {}, 0 * found.why)
    said = said_of(verdict(run, along, made, Criterion()), "difference")
    first, second = ([int(found.epochs[n]) for n in pair] for pair in ((3, 4), (12, 13)))
    both = f"{first[0]}–{first[1]}, {second[0]}–{second[1]} and 2 more"
    assert f"in epochs 0, {both}, " in said
    share = (3 + first[1] - first[0] + 1 + second[1] - second[0] + 1) / 1001
    assert f"{100 * share:.0f} % of the run" in said
    whole = Progress(found.epochs, dict.fromkeys(APPROXIMATIONS, 1 + rho), {}, 0 * found.why)
    assert " in epochs 0–1,000, 100 % of the run; " in verdict(run, along, whole, Criterion())[0]
    rho[:] = 0
    rho[9] = 1
    said = verdict(run, along, made, Criterion())[0]
    assert f"in epoch {found.epochs[9]}, under 1 % of the run; " in said
    nowhere = Progress(found.epochs, dict.fromkeys(APPROXIMATIONS, 0 * rho), {}, 0 * found.why)
    assert " holds nowhere over 50 steps; " in verdict(run, along, nowhere, Criterion())[0]


def test_what_is_undefined_is_said_with_its_reason_and_not_as_failing() -> None:
    run = train(Config(learning_rate=10.0, init_scale=10.0), load_dataset("moons"))
    found = progress(run)
    why = found.why[:, HORIZONS.index(50)]
    assert {ZERO, RISES} <= set(why.tolist())
    text = " ".join(verdict(run, course(run), found, Criterion()))
    for reason in (ZERO, RISES):
        where = re.search(rf"nothing can be compared ([^.]*), since {re.escape(WHY[reason])}", text)
        assert where
        named = epochs_in(where[1])
        assert [inside(epoch, named) for epoch in found.epochs] == (why == reason).tolist()

    still = train(Config(init_scale=0.0, epochs=30), load_dataset("blobs"))
    text = " ".join(verdict_of(still, Criterion()))
    assert f"nothing can be compared in epochs 0–30, since {WHY[ZERO]}." in text
    assert "holds" not in text, "neither anywhere nor nowhere"

    short = measure(run.config, run.dataset, run.keyframes[:1], 10)
    text = " ".join(verdict(run, course(run), short, Criterion(horizon=200)))
    assert "Over 200 steps: not measured." in text
    assert "holds" not in text

    exploded = train(
        Config(learning_rate=2.5, epochs=400, gradient="drop_error_term"), load_dataset("moons")
    )
    assert exploded.status == "diverged"
    text = " ".join(verdict_of(exploded, Criterion()))
    assert "nan" not in text
    assert "the exact gradient is zero" in text
    last = max(e for e in progress(exploded).epochs)
    assert last < exploded.last_epoch
    assert f" of the epochs up to {last}; " in text
    assert f"epochs up to {last}, so a stretch may" in text


def test_a_run_that_is_stopped_is_spoken_of_as_far_as_it_went() -> None:
    recorder = Recorder(Config(), load_dataset("spiral"))
    recorder.run(epochs=1)
    recorder.stop()
    text = " ".join(verdict_of(recorder.recording(), Criterion()))
    assert "Measured from 1 epoch; " in text or "Measured from 1 epoch up to 0; " in text


def test_a_large_network_is_said_to_be_too_large() -> None:
    run: Recording = train(
        Config(hidden_units=512, epochs=1), load_dataset("digits", test_share=0.5)
    )
    assert verdict_of(run, Criterion()) == [TOO_LARGE]
    sentences = verdict(run, course(run), progress(run), Criterion())
    assert TOO_LARGE in sentences
    assert "holds" not in " ".join(sentences).replace(TOO_LARGE, "")
