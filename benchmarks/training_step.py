"""Time of one epoch, beside other ways to compute it, interleaved in one run on one core.

    python -m venv .venv-bench && .venv-bench/bin/pip install -r benchmarks/requirements.txt
    .venv-bench/bin/python -m benchmarks.training_step

Every contender trains the same network on the same data with the `difference` rule, in float64,
and its weights are compared before anything is timed. The last row is the bound: the five matrix
products of a step alone. Printed are medians, and their ratios to ours.
"""

from __future__ import annotations

import os

# One core for everybody: threads of BLAS, PyTorch and XLA alike.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_info

from nnviz.data.datasets import Dataset, dataset_from_samples
from nnviz.paper.network import Parameters, initialize
from nnviz.runs.config import Config
from nnviz.runs.recording import Recorder
from nnviz.runs.training import Trainer, dot

RATE = 0.1
SHAPES = ((2, 8, 3, 300), (2, 64, 3, 2000), (64, 64, 10, 1797), (784, 128, 10, 10_000))

Step = Callable[[int], None]
"""Train for so many epochs."""
Weights = Callable[[], Any]
"""W1 after all epochs so far."""


def random_dataset(n0: int, n2: int, samples: int) -> Dataset:
    rng = np.random.default_rng(0)
    y = np.arange(samples) % n2
    return dataset_from_samples(
        "random",
        rng.standard_normal((samples, n0)) + 0.5 * rng.standard_normal((n2, n0))[y],
        y,
        feature_names=[str(i) for i in range(n0)],
        class_names=[str(k) for k in range(n2)],
        data_seed=0,
        test_share=0.0,
    )


def ours(config: Config, dataset: Dataset) -> tuple[Step, Weights]:
    trainer = Trainer(config, dataset)

    def step(epochs: int) -> None:
        for _ in range(epochs):
            trainer.step()

    return step, lambda: trainer.parameters.W1


def products(config: Config, dataset: Dataset) -> tuple[Step, Weights]:
    """The five products of a step, on the buffers and with the calls of ours."""
    trainer = Trainer(config, dataset)
    theta, into = trainer._theta, trainer._gradient

    def step(epochs: int) -> None:
        for _ in range(epochs):
            for block in trainer._blocks:
                block.wide_product(theta.W1b1, block.X1, out=block.A1)
                dot(theta.W2b2T, block.A1_1, block.A2)
                dot(block.A1_1, block.GT, into.W2b2)
                block.wide_product(theta.W2T, block.G, out=block.P)
                dot(block.P, block.X1T, into.W1b1)

    trainer.step()  # so that the buffers hold ordinary numbers
    return step, lambda: None


def textbook(start: Parameters, dataset: Dataset) -> tuple[Step, Weights]:
    """As one writes it at first: everything allocated."""
    W1, b1, W2, b2 = start.W1, start.b1, start.W2, start.b2
    X, Y, M = dataset.X, dataset.Y, dataset.y.size

    def step(epochs: int) -> None:
        nonlocal W1, b1, W2, b2
        for _ in range(epochs):
            Z1 = W1 @ X + b1
            A1 = np.maximum(0, Z1)
            Z2 = W2 @ A1 + b2
            exps = np.exp(Z2 - np.max(Z2, axis=0, keepdims=True))
            A2 = exps / np.sum(exps, axis=0, keepdims=True)
            G = A2 - Y
            dW2 = G @ A1.T / M
            db2 = np.mean(G, axis=1, keepdims=True)
            P = (W2.T @ G) * (Z1 > 0)
            dW1 = P @ X.T / M
            db1 = np.mean(P, axis=1, keepdims=True)
            W1, b1, W2, b2 = W1 - RATE * dW1, b1 - RATE * db1, W2 - RATE * dW2, b2 - RATE * db2

    return step, lambda: W1


def torch_by_hand(start: Parameters, dataset: Dataset) -> tuple[Step, Weights]:
    """Gradients by hand, every result into a tensor made once."""
    W1, b1, W2, b2 = (torch.from_numpy(a.copy()) for a in vars(start).values())
    X, Y, M = torch.tensor(dataset.X), torch.tensor(dataset.Y), dataset.y.size
    n1, n2 = W1.shape[0], W2.shape[0]
    Z1, A1, P = (torch.empty((n1, M), dtype=torch.float64) for _ in range(3))
    A2, G = (torch.empty((n2, M), dtype=torch.float64) for _ in range(2))
    dW1, dW2 = torch.empty_like(W1), torch.empty_like(W2)
    db1, db2 = torch.empty_like(b1), torch.empty_like(b2)
    mask = torch.empty((n1, M), dtype=torch.bool)
    rate = RATE / M

    def step(epochs: int) -> None:
        with torch.no_grad():
            for _ in range(epochs):
                torch.addmm(b1, W1, X, out=Z1)
                torch.clamp_min(Z1, 0, out=A1)
                torch.addmm(b2, W2, A1, out=A2)
                torch.softmax(A2, 0, out=A2)
                torch.sub(A2, Y, out=G)
                torch.mm(G, A1.T, out=dW2)
                torch.sum(G, 1, keepdim=True, out=db2)
                torch.mm(W2.T, G, out=P)
                torch.gt(Z1, 0, out=mask)
                P.mul_(mask)
                torch.mm(P, X.T, out=dW1)
                torch.sum(P, 1, keepdim=True, out=db1)
                for parameter, gradient in ((W1, dW1), (b1, db1), (W2, dW2), (b2, db2)):
                    parameter.sub_(gradient, alpha=rate)

    return step, lambda: W1.numpy()


def torch_autograd(start: Parameters, dataset: Dataset) -> tuple[Step, Weights]:
    """As one trains with PyTorch: modules, cross-entropy, SGD."""
    n1, n0 = start.W1.shape
    hidden = torch.nn.Linear(n0, n1, dtype=torch.float64)
    output = torch.nn.Linear(n1, start.W2.shape[0], dtype=torch.float64)
    with torch.no_grad():
        for layer, W, b in ((hidden, start.W1, start.b1), (output, start.W2, start.b2)):
            layer.weight.copy_(torch.from_numpy(W))
            layer.bias.copy_(torch.from_numpy(b[:, 0]))
    network = torch.nn.Sequential(hidden, torch.nn.ReLU(), output)
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)
    X, y = torch.tensor(dataset.X.T.copy()), torch.tensor(dataset.y)

    def step(epochs: int) -> None:
        for _ in range(epochs):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(X), y).backward()
            optimizer.step()

    return step, lambda: hidden.weight.detach().numpy()


def jax_scan(start: Parameters, dataset: Dataset, chunk: int = 50) -> tuple[Step, Weights]:
    """Compiled, `chunk` epochs at a time."""
    X, Y, M = jnp.asarray(dataset.X), jnp.asarray(dataset.Y), dataset.y.size

    def one(parameters: Any, _: Any) -> Any:
        W1, b1, W2, b2 = parameters
        Z1 = W1 @ X + b1
        A1 = jnp.maximum(0, Z1)
        G = jax.nn.softmax(W2 @ A1 + b2, axis=0) - Y
        P = (W2.T @ G) * (Z1 > 0)
        steps = (P @ X.T, P.sum(1, keepdims=True), G @ A1.T, G.sum(1, keepdims=True))
        return tuple(p - RATE / M * s for p, s in zip(parameters, steps, strict=True)), None

    run = jax.jit(lambda parameters: jax.lax.scan(one, parameters, length=chunk)[0])
    state = tuple(jnp.asarray(array) for array in vars(start).values())

    def step(epochs: int) -> None:
        nonlocal state
        for _ in range(epochs // chunk):
            state = run(state)
        jax.block_until_ready(state)

    run(state)  # compile
    return step, lambda: np.asarray(state[0])


def sklearn_fit(config: Config, dataset: Dataset) -> tuple[Step, Weights]:
    """`MLPClassifier.fit` with full batches; it starts anew, from weights of its own."""
    X = np.ascontiguousarray(dataset.X.T)

    def step(epochs: int) -> None:
        model = MLPClassifier(
            (config.hidden_units,),
            solver="sgd",
            batch_size=dataset.y.size,
            learning_rate_init=RATE,
            momentum=0.0,
            nesterovs_momentum=False,
            alpha=0.0,
            max_iter=epochs,
            n_iter_no_change=epochs + 1,
            tol=0.0,
            shuffle=False,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, dataset.y)

    return step, lambda: None


def contenders(shape: tuple[int, int, int, int]) -> dict[str, tuple[Step, Weights]]:
    n0, n1, n2, samples = shape
    dataset = random_dataset(n0, n2, samples)
    config = Config(hidden_units=n1, learning_rate=RATE, gradient="difference")
    start = initialize(n0, n1, n2, config.seed)
    return {
        "ours": ours(config, dataset),
        "textbook NumPy": textbook(start, dataset),
        "PyTorch by hand, out=": torch_by_hand(start, dataset),
        "PyTorch autograd + SGD": torch_autograd(start, dataset),
        "JAX, jit and scan": jax_scan(start, dataset),
        "scikit-learn fit": sklearn_fit(config, dataset),
        "five products alone": products(config, dataset),
    }


def check(trained: dict[str, tuple[Step, Weights]]) -> None:
    """All who start from the same weights must come to the same weights."""
    for step, _ in trained.values():
        step(50)
    expected = trained["ours"][1]()
    for name, (_, weights) in trained.items():
        found = weights()
        if found is not None:
            np.testing.assert_allclose(found, expected, atol=1e-9, err_msg=name)


def measure(shape: tuple[int, int, int, int], rounds: int) -> dict[str, float]:
    """Median seconds an epoch."""
    running = contenders(shape)
    check(running)
    epochs = 500 if shape[3] < 1000 else 100 if shape[0] < 500 else 50
    times: dict[str, list[float]] = {name: [] for name in running}
    for _ in range(rounds if shape[0] < 500 else max(3, rounds // 5)):
        for name, (step, _) in running.items():
            begin = time.perf_counter()
            step(epochs)
            times[name].append((time.perf_counter() - begin) / epochs)
    return {name: median(taken) for name, taken in times.items()}


def cost_of_recording(rounds: int) -> float:
    """Time of a recorded run on digits, by the time of training alone."""
    from nnviz.data.datasets import load_dataset

    dataset, config = load_dataset("digits"), Config(hidden_units=64, epochs=200)
    ratios = []
    for _ in range(rounds):
        begin = time.perf_counter()
        trainer = Trainer(config, dataset)
        for _ in range(config.epochs):
            trainer.step()
        between = time.perf_counter()
        recorder = Recorder(config, dataset)
        recorder.run()
        recorder.recording()
        ratios.append((time.perf_counter() - between) / (between - begin))
    return median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    jax.config.update("jax_enable_x64", True)
    torch.set_num_threads(1)
    blas = {entry["architecture"] for entry in threadpool_info() if "architecture" in entry}
    print(f"{platform.processor() or platform.machine()}, BLAS kernels {', '.join(blas)}")
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}\n")
    columns = [measure(shape, rounds) for shape in SHAPES]
    heads = [f"{n0}-{n1}-{n2}, M={m}" for n0, n1, n2, m in SHAPES]
    print("| µs an epoch (times ours) | " + " | ".join(heads) + " |")
    print("|---|" + "---|" * len(heads))
    for name in columns[0]:
        cells = [f"{c[name] * 1e6:,.1f} ({c[name] / c['ours']:.2f})" for c in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print(f"\nRecording all metrics on digits: {cost_of_recording(rounds):.2f} × training alone")


if __name__ == "__main__":
    main()
