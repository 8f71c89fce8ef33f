"""A Config cannot hold what cannot be trained."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from nnviz.checks import SettingError
from nnviz.runs.config import CONFIG_SETTINGS, Config

BAD: dict[str, list[Any]] = {
    "hidden_units": [0, -3, 5000, 2.5, math.nan, "8", None, True, [4]],
    "learning_rate": [0, -0.1, 1e7, math.nan, math.inf, "fast", None, True, 1j],
    "gradient": ["", "approx", 3, None, ["exact"]],
    "seed": [-1, 2**32, 0.5, "0", None, False],
    "epochs": [0, -1, 10**7, 1e3, "10", None, math.nan],
    "target_accuracy": [0, -0.5, 1.01, math.nan, "0.9", True],
    "init_scale": [-1, 1001, math.nan, math.inf, "1", None],
    "step_length": ["", "same", 1, None],
    "dtype": ["float16", "double", None, np.float32],
}


def test_every_field_has_a_rule_and_is_tested() -> None:
    names = [field.name for field in dataclasses.fields(Config)]
    assert list(CONFIG_SETTINGS) == names
    assert list(BAD) == names


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD.items() for value in values]
)
def test_a_bad_value_is_refused_with_field_value_and_rule(field: str, value: Any) -> None:
    with pytest.raises(SettingError) as caught:
        Config(**{field: value})
    assert caught.value.field == field
    message = str(caught.value)
    assert message.startswith(f"{field} must be ")
    assert CONFIG_SETTINGS[field].rule.allowed in message
    assert str(value)[:30] in message


def test_a_huge_value_does_not_flood_the_message() -> None:
    with pytest.raises(SettingError) as caught:
        Config(gradient="x" * 10_000)
    assert len(str(caught.value)) < 200


def test_numpy_numbers_are_taken_and_become_python_numbers() -> None:
    config = Config(hidden_units=np.int64(4), learning_rate=np.float32(0.5))  # type: ignore[arg-type]
    assert config == Config(hidden_units=4, learning_rate=0.5)
    assert type(config.hidden_units) is int
    assert hash(config) == hash(Config(hidden_units=4, learning_rate=0.5))


def test_a_config_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().seed = 3  # type: ignore[misc]
