"""The source's component equations as loops, sample by sample: slow, and easy to check by eye.

Nothing here uses nnviz: it is what nnviz is tested against.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def forward(W1: Any, b1: Any, W2: Any, b2: Any, x: Any) -> tuple[Any, Any, Any, Any]:
    """Eqs. (3), (4), (5), (10) for one sample."""
    n1, n0 = W1.shape
    n2 = W2.shape[0]
    z1 = [sum(W1[i, j] * x[j] for j in range(n0)) + b1[i, 0] for i in range(n1)]
    a1 = [max(0.0, z) for z in z1]
    z2 = [sum(W2[k, i] * a1[i] for i in range(n1)) + b2[k, 0] for k in range(n2)]
    e = [math.exp(z - max(z2)) for z in z2]
    return z1, a1, z2, [value / sum(e) for value in e]


def error_term(a2: Any, target: Any) -> float:
    """E under Eq. (14), of one sample."""
    return float(sum(a * (a - t) for a, t in zip(a2, target, strict=True)))


def output_gradient(a2: Any, target: Any, rule: str) -> list[float]:
    """∂L/∂Z2 of one sample; the exact rule by Eqs. (12) and (13), before they are simplified."""
    classes = range(len(a2))
    if rule == "exact":
        return [
            sum((a2[b] - target[b]) * a2[b] * ((a == b) - a2[a]) for b in classes) for a in classes
        ]
    if rule == "drop_error_term":
        return [a2[a] * (a2[a] - target[a]) for a in classes]
    if rule == "centred":  # theory.md, 11
        mean = sum(a2[b] * (a2[b] - target[b]) for b in classes) / len(a2)
        return [a2[a] * (a2[a] - target[a]) - mean for a in classes]
    return [a2[a] - target[a] for a in classes]


def angle(a: list[float], b: list[float]) -> float:
    """Degrees between two vectors."""
    cosine = sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def gradients(W1: Any, b1: Any, W2: Any, b2: Any, X: Any, Y: Any, rule: str) -> tuple[Any, ...]:
    """dW1, db1, dW2, db2 by the component forms of Eqs. (17), (18), (22), (23)."""
    n1, n0 = W1.shape
    n2, samples = Y.shape
    dW1, db1 = np.zeros((n1, n0)), np.zeros((n1, 1))
    dW2, db2 = np.zeros((n2, n1)), np.zeros((n2, 1))
    for m in range(samples):
        z1, a1, _, a2 = forward(W1, b1, W2, b2, X[:, m])
        g = output_gradient(a2, Y[:, m], rule)
        for i in range(n2):
            for j in range(n1):
                dW2[i, j] += g[i] * a1[j] / samples
            db2[i, 0] += g[i] / samples
        for i in range(n1):
            back = sum(W2[a, i] * g[a] for a in range(n2)) * (1.0 if z1[i] > 0 else 0.0)
            for j in range(n0):
                dW1[i, j] += back * X[j, m] / samples
            db1[i, 0] += back / samples
    return dW1, db1, dW2, db2


def mean_squared_error(W1: Any, b1: Any, W2: Any, b2: Any, X: Any, Y: Any) -> float:
    """Eq. (11)."""
    total = 0.0
    for m in range(X.shape[1]):
        a2 = forward(W1, b1, W2, b2, X[:, m])[3]
        total += sum((a - t) ** 2 for a, t in zip(a2, Y[:, m], strict=True))
    return total / (2 * X.shape[1])


def cross_entropy(W1: Any, b1: Any, W2: Any, b2: Any, X: Any, Y: Any) -> float:
    """The loss whose exact gradient Eq. (16) is: -(1/M) Σ log A_y."""
    total = 0.0
    for m in range(X.shape[1]):
        a2 = forward(W1, b1, W2, b2, X[:, m])[3]
        total -= sum(t * math.log(a) for a, t in zip(a2, Y[:, m], strict=True) if t)
    return total / X.shape[1]
