"""The mutants: a line, a mistake that one could make in it, and the tests that are about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes
    ----------
    file : str
        The file's name, wherever it is.
    original, broken : str
        A text that the file has once, and what is put in its place.
    tests : tuple of str
        Names of test files, without those that are not there.
    """

    file: str
    original: str
    broken: str
    tests: tuple[str, ...]


def _of(tests: tuple[str, ...], *mistakes: tuple[str, ...]) -> tuple[Mutant, ...]:
    return tuple(Mutant(file, original, broken, tests) for file, original, broken in mistakes)


PAPER = _of(
    ("test_gradients", "test_error_term", "test_training", "test_recording"),
    ("network.py", "return np.maximum(z, 0.0)", "return np.abs(z)"),
    ("gradients.py", "dW1 = pd_Z1 @ X.T / samples", "dW1 = pd_Z1 @ X.T"),
    ("error_term.py", "np.abs(E).mean(axis=1)", "E.mean(axis=1)"),
)

RUNS = _of(
    ("test_recording", "test_training", "test_saturation", "test_runs", "test_ending"),
    ("recording.py", "self.dataset.y) >= target", "self.dataset.y) > target"),
    ("recording.py", "trainer.undo()  #", "pass  #"),
    ("recording.py", "self._test_loss[epochs], self", "self._loss[epochs], self"),
    ("training.py", "np.subtract(self._theta.flat, step", "np.add(self._theta.flat, step"),
    ("measures.py", ".sum(axis=1) / (2 * samples)", ".sum(axis=1) / samples"),
)  # fmt: skip

STORED = _of(
    ("test_storage",),
    ("storage.py", "if (np.diff(epochs) <= 0).any():", "if (np.diff(epochs) < 0).any():"),
    ("storage.py", 'if not sizes["M"]:', "if False:"),
    ("storage.py", "1 <= keyframes <= min(most, last + 1)", "1 <= keyframes <= last + 1"),
    ("storage.py", "if not (squared < EXPLODED).all():", "if False:"),
    ("storage.py", "if about.nbytes > MOST_ABOUT_BYTES:", "if False:"),
    ("fields.py", "self.low <= low and high <= top", "self.low <= low"),
    ("members.py", "or listed > MOST_DIRECTORY_BYTES", ""),
    ("members.py", 'locator.startswith(b"PK\\6\\7") or', ""),
    ("members.py", "if entry.file_size != member._begins + member.nbytes:", "if False:"),
    ("members.py", "if entry.compress_size > 1000 + 1.01 * entry.file_size:", "if False:"),
    ("members.py", "if found.size != part.size:", "if found.size > part.size:"),
    ("description.py", "[type(side) for side in value] == [int, int]", "len(value) == 2"),
    ("description.py", "except (ValueError, RecursionError)", "except (ValueError, KeyError)"),
)

TABLES = _of(
    ("test_table", "test_table_cases", "test_own_data"),
    (
        "samples.py",
        "self.features.tobytes() + self.labels.tobytes()",
        "self.features.tobytes()",
    ),
)

SWEEPS = _of(
    ("test_sweep", "test_command_line"),
    ("grid.py", "best_accuracy=float(run.accuracy.max())", "best_accuracy=float(run.accuracy[-1])"),
    ("grid.py", "  accuracy=float(run.accuracy[-1])", "  accuracy=float(run.accuracy.max())"),
    ("grid.py", "=float(run.error_term_mean_abs[-1])", "=float(run.error_term_rms[-1])"),
    ("grid.py", "run.accuracy >= target", "run.accuracy > target"),
)

MESSAGES = _of(
    ("test_message", "test_claim", "test_runs"),
    ("header.py", "return min(r.last_epoch", "return max(r.last_epoch"),
)

APPROXIMATION = _of(
    ("test_progress", "test_agreement", "test_weighing", "test_verdict", "test_approximation_page"),
    ("progress.py", "gain = losses[0] - losses[1:]", "gain = losses[1:] - losses[0]"),
    ("course.py", "np.abs(sums - sums[0])", "np.abs(sums - sums[-1])"),
    (
        "weighing.py",
        "_parted(A2, Y, direction)[0] * _parted(A2, Y, length)[1]",
        "_parted(A2, Y, length)[0] * _parted(A2, Y, direction)[1]",
    ),
)

TRAIN_PAGE = _of(
    ("test_pictures_train", "test_figures", "test_claim"),
    ("curves.py", '"test_" + metric if part == "test" else metric', "metric"),
    ("curves.py", '"y2" if metric == "accuracy" else "y"', '"y2" if metric == "loss" else "y"'),
    ("curves.py", '"line" if dash == "solid"', '"line" if dash == "dot"'),
    ("diagram.py", "y=[start, end],", "y=[end, start],"),
    ("diagram.py", "np.digitize(share, ", "np.digitize(-share, "),
    ("diagram.py", "A1 = np.stack([p.A1[drawn_units].T", "A1 = np.stack([p.Z1[drawn_units].T"),
    ("claim.py", "edge(3, with_alpha", "edge(2, with_alpha"),
    ("claim.py", 'metrics.of("error_term_mean_abs")', 'metrics.of("error_term_rms")'),
    ("frames.py", "np.hstack([p.W1, p.b1])", "np.hstack([p.b1, p.W1])"),
    ("hidden.py", 'np.argsort(dataset.y, kind="stable")', "np.arange(dataset.y.size)"),
    ("hidden.py", "~of_all[drawn_units].any(axis=1)", "~of_all[drawn_units].all(axis=1)"),
    ("confusion.py", "y * classes + A2.argmax(axis=0)", "A2.argmax(axis=0) * classes + y"),
    ("decision.py", "A2.argmax(axis=0) + np.clip", "A2.argmin(axis=0) + np.clip"),
    ("images.py", "(2 * answers + is_right)", "(2 * answers + 1 - is_right)"),
)

APPROXIMATION_PAGE = _of(
    ("test_pictures_approximation", "test_story", "test_approximation_page"),
    (
        "losses.py",
        'right, loss = metrics.of("accuracy"), metrics.of("loss")',
        'loss, right = metrics.of("accuracy"), metrics.of("loss")',
    ),
    ("two_losses.py", "entropy = along.cross_entropy", "entropy = along.column_sum_drift"),
    ("agreement.py", "values[rule][:, i],", 'values["difference"][:, i],'),
    ("angles.py", '"without E", "reweighted"', '"reweighted", "without E"'),
    (
        "progress.py",
        "(progress.matched, progress.one_rate)",
        "(progress.one_rate, progress.matched)",
    ),
    ("density.py", "z=np.sqrt(shares)", "z=np.square(shares)"),
    ("worst.py", "np.argsort(-np.abs(E)", "np.argsort(-E"),
    ("triangle.py", "np.roll(part, -at, axis=1)", "np.roll(part, at, axis=1)"),
    ("interval.py", "for of in (labels, 1 - labels)", "for of in (1 - labels, labels)"),
    ("input_space.py", "np.argmin(apart", "np.argmax(apart"),
    ("components.py", "return first.T @ centred", "return first[:, ::-1].T @ centred"),
)

OTHER_PAGES = (
    *_of(
        ("test_pictures_explore", "test_explore"),
        ("outcome_map.py", "= np.nanmean(values)", "= np.nanmax(values)"),
        ("outcome_map.py", "_short(there.min(), shown)", "_short(there.mean(), shown)"),
        ("parallel.py", '"values": [place[side] for', '"values": [place[0] for'),
        ("loss_charts.py", "domain=_part(row, rows)", "domain=_part(rows - 1 - row, rows)"),
    ),
    *_of(
        ("test_pictures_compare", "test_compare_page"),
        ("compare.py", '_lines(tested, legend, "test_loss"', '_lines(tested, legend, "loss"'),
    ),
    *_of(
        ("test_pictures_step", "test_step"),
        ("step.py", "a.Z1, j, m)", "a.A1, j, m)"),
    ),
)  # fmt: skip

SAID = Path(__file__).with_name("mutants_player.txt").read_text(encoding="utf-8")
"""Of the player's JavaScript, one per line: file, what is there, what is put in its place."""

PLAYER = _of(
    ("test_javascript", "test_protocol", "test_claim"),
    *(tuple(line.split(" ||| ")) for line in SAID.splitlines()),
)

MUTANTS = (
    *PAPER, *RUNS, *STORED, *TABLES, *SWEEPS, *MESSAGES, *APPROXIMATION,
    *TRAIN_PAGE, *APPROXIMATION_PAGE, *OTHER_PAGES, *PLAYER,
)  # fmt: skip
