"""What moves in a picture: declared in the traces, found where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from nnviz.figures.moving import Moving, animated, in_bytes


def test_what_moves_is_found_where_it_stands() -> None:
    y = Moving(np.array([[1.0, 2.0], [3.0, 4.0]]))
    colour = Moving(np.array([[0, 1], [1, 1]], np.uint8), lookup=("red", "blue"))
    still = {"type": "scatter", "x": [0, 1], "marker": {"size": 3}}
    figure, updates = animated(
        [still, {"y": y, "marker": {"size": 4, "line": {"color": colour}}}], {"title": "here"}
    )
    assert figure["layout"] == {"title": "here"}
    assert figure["data"][0] == still
    assert figure["data"][1]["y"].tolist() == [3.0, 4.0], "the last keyframe's"
    assert figure["data"][1]["marker"] == {"size": 4, "line": {"color": ["blue", "blue"]}}
    found = {update.attribute: update for update in updates}
    assert sorted(found) == ["marker.line.color", "y"]
    assert all(update.traces == (1,) for update in updates)
    assert found["y"].values is y.values
    assert found["marker.line.color"].lookup == ("red", "blue")


def test_traces_that_share_an_attribute_share_its_update() -> None:
    widths = in_bytes(np.array([[0.0, 1.0], [1.0, 0.5]]), 0, 1)
    data, (update,) = animated([{}, *({"line": {"width": w}} for w in widths.parts())], {})
    assert (update.attribute, update.traces) == ("line.width", (1, 2))
    assert [trace["line"]["width"] for trace in data["data"][1:]] == pytest.approx([1, 0.5])
    np.testing.assert_array_equal(update.values, [[0, 254], [254, 127]])
    with pytest.raises(AssertionError, match=r"line\.width: parts in the order"):
        animated([{"line": {"width": w}} for w in reversed(widths.parts())], {})


def test_traces_that_hold_the_same_have_an_update_each_of_the_same_array() -> None:
    x = Moving(np.zeros((3, 2)))
    _, (one, other) = animated([{"x": x}, {"x": x}], {})
    assert (one.traces, other.traces) == ((0,), (1,))
    assert one.values is other.values, "which is sent once"


def test_a_figure_is_of_the_first_choice_and_leaves_undefined_what_is() -> None:
    values = np.array([[[0.0, 1.0], [0.25, 0.75]], [[-1.0, np.nan], [0.5, 0.5]]])
    z = in_bytes(values, -1, 1, by_choice=True)
    of_line, of_points = Moving(
        np.array([[[1, 0], [0, 1]]], np.uint8), lookup=(False, True), by_choice=True
    ).parts()
    figure, updates = animated([{"z": z, "visible": of_line}, {"visible": of_points}], {})
    np.testing.assert_array_equal(figure["data"][0]["z"], [-1, np.nan])
    assert [trace["visible"] for trace in figure["data"]] == [True, False]
    assert {(update.attribute, update.traces, update.by_choice) for update in updates} == {
        ("z", (0,), True),
        ("visible", (0, 1), True),
    }


def test_a_trail_is_the_player_s_to_draw() -> None:
    path = np.arange(8.0).reshape(4, 2)
    figure, (update,) = animated([{"x": Moving(path, trail=3)}], {})
    assert np.isnan(figure["data"][0]["x"]).all()
    assert (update.trail, update.values is path) == (3, True)
