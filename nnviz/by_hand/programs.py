"""Programs to check a run with: NumPy alone, no nnviz, to be read beside the source."""

from __future__ import annotations

import base64
import zlib

from nnviz.by_hand.step import Step
from nnviz.by_hand.worked import Place
from nnviz.paper.network import Array
from nnviz.runs.recording import Recording

MOST_WRITTEN = 24
"""Numbers of an array at most that are written out; longer ones are packed."""

_UNPACK = '''
def unpack(text, *shape):
    """An array of float64, packed so that a program stays short."""
    return np.frombuffer(zlib.decompress(base64.b85decode(text))).reshape(shape).copy()

'''

_EXACT = "A2 * sum(A2[b] * (D - D[b]) for b in range(len(A2)))"

_G = {
    "exact": f"{_EXACT}  # (14): A2 * D - A2 * E, which would cancel",
    "drop_error_term": "A2 * D  # (15)",
    "difference": "D  # (16)",
    "centred": "A2 * D - (A2 * D).mean(axis=0)  # (15), centred over the classes: ours",
}

_FORWARD = """
Z1 = W1 @ X + b1  # (7)
A1 = np.maximum(Z1, 0)  # (8)
Z2 = W2 @ A1 + b2  # (9)
A2 = np.exp(Z2 - Z2.max(axis=0))
A2 /= A2.sum(axis=0)  # (10)
"""

_LOSS = """
others = np.where(Y == 1, 0, A2).sum(axis=0)
D = np.where(Y == 1, -others, A2)  # A2 - Y, where 1 - A2 would cancel
L = np.square(D).sum() / (2 * M)  # (11)
"""

_BACKWARD = """
dW2 = G @ A1.T / M  # (17)
db2 = G.sum(axis=1, keepdims=True) / M  # (19)
P = (W2.T @ G) * (Z1 > 0)  # (24)
dW1 = P @ X.T / M  # (22)
db1 = P.sum(axis=1, keepdims=True) / M  # (25)
"""

_UPDATE = """
W1, b1 = W1 - {rate} * dW1, b1 - {rate} * db1  # (28), (29)
W2, b2 = W2 - {rate} * dW2, b2 - {rate} * db2
"""

_LENGTH = """
{name} = np.sqrt(sum(np.square(g).sum() for g in (dW1, db1, dW2, db2)))
"""

_MATCHED = """
rate = alpha * exact_length / length if length else 0.0  # as long a step as by (14)
"""


def stage_program(step: Step, place: Place, stage: str) -> str:
    """A program that computes a step up to one of its stages, and prints that stage's numbers.

    Parameters
    ----------
    step : Step
        The step that the program repeats.
    place : Place
        The component to print.
    stage : str
        One of `nnviz.by_hand.worked.STAGES`.
    """
    m, j, k, i = place.sample, place.unit, place.output, place.feature
    p = step.before
    arrays = {"X": step.X, "Y": step.Y, "W1": p.W1, "b1": p.b1, "W2": p.W2, "b2": p.b2}
    prints = {
        "forward": [f"Z1[{j}, {m}]", f"A1[{j}, {m}]", f"Z2[{k}, {m}]", f"A2[{k}, {m}]"],
        "loss": [f"np.square(D[:, {m}]).sum() / 2", "L"],
        "output gradient": [
            f"D[{k}, {m}]",
            f"A2[{k}, {m}] * np.delete(A2[:, {m}], {k}).sum()",
            f"({_EXACT})[{k}, {m}]",
            f"E[{m}]",
        ]
        + [f"({rule.split('  #')[0]})[{k}, {m}]" for rule in _G.values()],
        "back-propagation": [
            f"dW2[{k}, {j}]",
            f"db2[{k}, 0]",
            f"P[{j}, {m}]",
            f"dW1[{j}, {i}]",
            f"db1[{j}, 0]",
        ],
        "update": [f"W1[{j}, {i}]", f"b1[{j}, 0]", f"W2[{k}, {j}]", f"b2[{k}, 0]"],
    }[stage]
    gradient = _output_gradient(step.rule)
    parts = [_FORWARD, _LOSS, gradient, _BACKWARD, _UPDATE.format(rate="alpha")]
    needed = {"forward": 1, "loss": 2, "output gradient": 3, "back-propagation": 4, "update": 5}
    body = "".join(parts[: needed[stage]])
    shown = "\n".join(f'print("{name} =", {name})' for name in prints)
    head = f"M = {step.X.shape[1]}  # samples\nalpha = {step.learning_rate!r}\n"
    return f"{_header(arrays)}{head}{body}\n{shown}\n"


def run_program(run: Recording) -> str:
    """A program that trains a run anew and compares its loss with the recording's, epoch by epoch.

    Parameters
    ----------
    run : Recording
        The run that the program repeats; its parameters at the start become part of the
        program.
    """
    config = run.config
    data, start = run.dataset, run.keyframes[0].parameters
    arrays = {
        "X": data.X,
        "Y": data.Y,
        "W1": start.W1,
        "b1": start.b1,
        "W2": start.W2,
        "b2": start.b2,
        "recorded": run.loss,
    }
    # A name from a file is no part of a program: only what cannot be code is left of it.
    name = "".join(c for c in data.name if c.isalnum() or c in "_- ")
    body = _indented(_FORWARD + _LOSS)
    matched = config.step_length == "matched" and config.gradient != "exact"
    steps = ", steps as long as those of (14)" if matched else ""
    rest = _indented(_step_of(config.gradient, matched))
    single = config.dtype == "float32"
    types = "X, Y, W1, b1, W2, b2 = (a.astype(np.float32) for a in (X, Y, W1, b1, W2, b2))\n"
    return f'''"""Train the network anew.

Data {name}, {config.hidden_units} hidden units, rule {config.gradient}{steps}, {config.dtype}.

The losses must be those that nnviz recorded. They are computed in another order there, and sums
that round otherwise differ by about {"1e-7" if single else "1e-16"}; only where training itself is
unstable (any rule at a large learning rate, (15) also at a small one) does such a difference grow.
"""

{_header(arrays)}{types if single else ""}M = {data.X.shape[1]}  # samples
alpha = {config.learning_rate!r}
largest = 0.0

for epoch in range(len(recorded)):
{body}
    largest = max(largest, abs(L - recorded[epoch]))
    if epoch % {max(1, run.last_epoch // 10)} == 0 or epoch == len(recorded) - 1:
        print(f"epoch {{epoch}}: loss {{L:.12f}}, recorded {{recorded[epoch]:.12f}}")
{rest}
print("largest difference:", largest)
'''


def _step_of(rule: str, matched: bool) -> str:
    """The gradients and the update; with steps as long as those of the exact rule, if matched."""
    gradient = _output_gradient(rule) + _BACKWARD
    if not matched:
        return gradient + _UPDATE.format(rate="alpha")
    exact = _output_gradient("exact") + _BACKWARD + _LENGTH.format(name="exact_length")
    update = _LENGTH.format(name="length") + _MATCHED + _UPDATE.format(rate="rate")
    return exact + gradient + update


def _output_gradient(rule: str) -> str:
    return f"\nE = (A2 * D).sum(axis=0)\nG = {_G[rule]}\n"


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.strip().splitlines() if line)


def _header(arrays: dict[str, Array]) -> str:
    """Imports and the arrays' numbers, all of them to the last bit."""
    lines = {name: _literal(array) for name, array in arrays.items()}
    packed = any(line.startswith("unpack") for line in lines.values())
    imports = "import base64\nimport zlib\n\n" if packed else ""
    numbers = "".join(f"{name} = {line}\n" for name, line in lines.items())
    return f"{imports}import numpy as np\n{_UNPACK if packed else ''}\n{numbers}"


def _literal(array: Array) -> str:
    if array.size <= MOST_WRITTEN:
        return f"np.array({array.astype(float).tolist()!r})"
    text = base64.b85encode(zlib.compress(array.astype(float).tobytes(), 9)).decode()
    pieces = "\n".join(f'    "{text[i : i + 100]}"' for i in range(0, len(text), 100))
    shape = ", ".join(str(side) for side in array.shape)
    return f"unpack(\n{pieces},\n    {shape},\n)"
