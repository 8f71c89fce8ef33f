"""What is painted below Plotly's axes, in real Chromium: its colours, places, labels, and files."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import Visit, at_epoch, attribute, drawn, enlarge, player, settle, slide
from PIL import Image
from playwright.sync_api import Page, expect

from nnviz import Config, Recording, error_term, load_dataset, parameters_at, train
from nnviz.figures.decision import GRID
from nnviz.figures.plane import plane_grid
from nnviz.figures.style import CLASS_COLOURS, DIVERGING, RULE_COLOURS
from nnviz.paper.network import forward

pytestmark = pytest.mark.browser

# Red, green, blue and opacity of the canvas where Plotly has some points of an axis, as [x, y].
PIXELS = """([name, points, suffix]) => {
  const picture = document.querySelector(`[data-picture="${name}"]`);
  const full = picture.querySelector(".nnviz-plot")._fullLayout;
  const canvas = picture.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const [xaxis, yaxis] = [full.xaxis, full[`yaxis${suffix}`]];
  const sharp = canvas.width / canvas.clientWidth;
  return points.map(([x, y]) => {
    const left = Math.floor(sharp * (xaxis._offset + xaxis.d2p(x)));
    const top = Math.floor(sharp * (yaxis._offset + yaxis.d2p(y)));
    return [...context.getImageData(left, top, 1, 1).data];
  });
}"""

# How often each picture was drawn by Plotly from now on.
COUNT_DRAWINGS = """() => {
  window.drawings = [];
  for (const plot of document.querySelectorAll(".nnviz-plot")) {
    const { picture } = plot.closest("[data-picture]").dataset;
    plot.on?.("plotly_afterplot", () => window.drawings.push(picture));
  }
}"""


def pixels(page: Page, picture: str, points: Any, suffix: str = "") -> np.ndarray:
    places = np.asarray(points, float).tolist()
    return np.array(page.evaluate(PIXELS, [picture, places, suffix]), float)


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def diverging(values: np.ndarray, limit: float, theme: str) -> np.ndarray:
    """Colours ``[…×3]`` of numbers on the scale from -limit to limit, by hand."""
    stops = np.array([rgb(colour) for colour in DIVERGING[theme]], float)
    places = (np.clip(values, -limit, limit) + limit) / (2 * limit) * (len(stops) - 1)
    return np.stack([np.interp(places, range(len(stops)), stops[:, i]) for i in range(3)], -1)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """As in WCAG 2."""

    def light(colour: np.ndarray) -> float:
        c = colour / 255
        linear = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722]) + 0.05

    low, high = sorted([light(one), light(other)])
    return high / low


@pytest.fixture(scope="module")
def run() -> Recording:
    """The run that a visitor sees at first."""
    return train(Config(), load_dataset("spiral"))


def weights(run: Recording, epoch: int) -> np.ndarray:
    p = next(keyframe.parameters for keyframe in run.keyframes if keyframe.epoch == epoch)
    return np.hstack([p.W1, p.b1])


def limit_of(page: Page, picture: str) -> float:
    """Where the colours of a picture end, as its scale says it to Plotly."""
    path = f"document.querySelector('[data-picture={picture}] .nnviz-plot').layout.coloraxis.cmax"
    return float(page.evaluate(path))


def centres(columns: int, rows: int) -> np.ndarray:
    """Columns and rows of all cells of W1, the bias apart."""
    x, y = np.meshgrid([*range(columns - 1), columns - 1 + 0.35], range(rows))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def off_text(points: np.ndarray) -> np.ndarray:
    """Beside what may be written in the middle of a cell."""
    return np.add(points, [0.4, 0.0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cells_have_the_colours_of_their_numbers(visit: Visit, run: Recording, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    limit = limit_of(page, "W1")
    units = run.config.hidden_units
    points = off_text(centres(3, units))
    for key, epoch in (("Home", 0), ("End", 1000)):
        page.keyboard.press(key)
        at_epoch(page, epoch)
        found = pixels(page, "W1", points)
        wanted = diverging(weights(run, epoch).ravel(), limit, scheme)
        np.testing.assert_allclose(found[:, :3], wanted, atol=2)
        assert (found[:, 3] == 255).all()
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    expect(player(page)).not_to_have_attribute("data-theme", scheme)
    other = diverging(weights(run, 1000).ravel(), limit, attribute(page, "theme"))
    np.testing.assert_allclose(pixels(page, "W1", points)[:, :3], other, atol=2)


def test_cells_are_where_zoom_and_hand_put_them(visit: Visit, run: Recording) -> None:
    page = visit(device_scale_factor=2)
    enlarge(page, "W1")
    plot = page.locator("[data-picture=W1] .nsewdrag").first
    box = plot.bounding_box()
    assert box is not None
    left, top = box["x"], box["y"]
    page.mouse.move(left + 30, top + 40)
    page.mouse.down()
    page.mouse.move(left + 0.6 * box["width"], top + 0.5 * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)
    rows = page.evaluate(
        "document.querySelector('[data-picture=W1] .nnviz-plot')._fullLayout.yaxis.range"
    )
    seen = [unit for unit in range(run.config.hidden_units) if rows[1] < unit < rows[0]]
    assert 2 < len(seen) < 12
    wanted = diverging(weights(run, 1000)[seen, 0], limit_of(page, "W1"), "light")
    in_sight = [[0.3, unit] for unit in seen]
    np.testing.assert_allclose(pixels(page, "W1", in_sight)[:, :3], wanted, atol=2)
    # Dragged by hand, the cells come along before the mouse is let go.
    page.locator("[data-picture=W1]").hover()
    page.locator("[data-picture=W1] [data-attr=dragmode][data-val=pan]").click()
    at = """([left, top]) => {
      const canvas = document.querySelector("[data-picture=W1] canvas");
      const { xaxis, yaxis } = canvas.nextSibling._fullLayout;
      const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, -2 * (xaxis._offset + left), -2 * (yaxis._offset + top));
      return [...context.getImageData(0, 0, 1, 1).data];
    }"""
    before, below = page.evaluate(at, [60, 70]), page.evaluate(at, [60, 107])
    assert before != below
    page.mouse.move(left + 60, top + 70)
    page.mouse.down()
    page.mouse.move(left + 60, top + 90, steps=3)
    page.mouse.move(left + 60, top + 107, steps=3)
    page.wait_for_timeout(200)
    assert page.evaluate(at, [60, 107]) == before
    page.mouse.up()
    page.locator("[data-picture=W1] [data-attr=zoom][data-val=reset]").click()
    page.wait_for_timeout(300)
    everything = diverging(weights(run, 1000).ravel(), limit_of(page, "W1"), "light")
    points = off_text(centres(3, run.config.hidden_units))
    np.testing.assert_allclose(pixels(page, "W1", points)[:, :3], everything, atol=2)
    # … and when the window is another.
    page.set_viewport_size({"width": 1100, "height": 800})
    page.wait_for_timeout(600)
    np.testing.assert_allclose(pixels(page, "W1", points)[:, :3], everything, atol=2)


def test_the_decision_map_has_the_colour_of_the_surest_class(visit: Visit, run: Recording) -> None:
    page = visit()
    x1, x2, plane = plane_grid(run.dataset, GRID)
    A2 = forward(run.keyframes[-1].parameters, plane).A2.reshape(3, GRID, GRID)
    said, sure = A2.argmax(axis=0), A2.max(axis=0)
    inner = [
        (row, column)
        for row in range(2, GRID - 2)
        for column in range(2, GRID - 2)
        if len(set(said[row - 1 : row + 2, column - 1 : column + 2].ravel())) == 1
        and np.ptp(sure[row - 1 : row + 2, column - 1 : column + 2]) < 0.02
    ]
    assert len(inner) > 200
    points = [[x1[column], x2[row]] for row, column in inner]
    found = pixels(page, "decision", points)
    labels = np.array([said[place] for place in inner])
    certainty = np.array([sure[place] for place in inner]) * 1.5 - 0.5  # from a guess, 1/3, to 1
    colours = np.array([rgb(CLASS_COLOURS[label]) for label in labels])
    # Fold lines lie over some of them.
    free = np.abs(found[:, :3] - colours).max(axis=1) < 8
    assert free.mean() > 0.7
    assert {*labels[free]} == {0, 1, 2}
    opacity = 255 * (0.04 + certainty * 0.51)
    np.testing.assert_allclose(found[free, 3], opacity[free], atol=6)


def test_fold_lines_are_where_a_unit_folds(visit: Visit, run: Recording) -> None:
    page = visit()
    low = plane_grid(run.dataset, GRID)[2].min(axis=1)
    high = plane_grid(run.dataset, GRID)[2].max(axis=1)
    for key, epoch in (("End", 1000), ("Home", 0)):
        page.keyboard.press(key)
        at_epoch(page, epoch)
        points = []
        for w1, w2, b in weights(run, epoch):
            along = np.linspace(0.1, 0.9, 9)
            if abs(w2) > abs(w1):  # go along the axis that it is steeper to
                x = low[0] + along * (high[0] - low[0])
                line = np.stack([x, -(w1 * x + b) / w2], axis=1)
            else:
                y = low[1] + along * (high[1] - low[1])
                line = np.stack([-(w2 * y + b) / w1, y], axis=1)
            points += [p for p in line if (p > low + 0.1).all() and (p < high - 0.1).all()]
        assert len(points) > 15
        found = pixels(page, "decision", points)
        # Grey, and more opaque than any colour of the map.
        assert ((found[:, 3] > 145) | (np.ptp(found[:, :3], axis=1) < 60)).mean() > 0.9


def test_curves_are_where_their_numbers_are(visit: Visit, run: Recording) -> None:
    page = visit()
    enlarge(page, "curves")
    line = rgb(RULE_COLOURS[run.config.gradient])
    epochs = [100, 300, 500, 700, 900]
    for values, empty, suffix in ((run.loss, 0.3, ""), (run.accuracy, 0.4, "2")):
        points = np.array([[np.log10(1 + epoch), values[epoch]] for epoch in epochs])
        found = pixels(page, "curves", points, suffix)
        np.testing.assert_allclose(found[:, :3], [line] * len(epochs), atol=30)
        assert (found[:, 3] > 150).all(), found
        beside = pixels(page, "curves", [[np.log10(1 + epoch), empty] for epoch in epochs], suffix)
        assert (beside[:, 3] == 0).all(), "there is no line"
    A2 = forward(parameters_at(run, 315), run.dataset.X).A2
    low, high = np.quantile(np.abs(error_term(A2, run.dataset.Y)), [0.75, 0.95])
    band = pixels(page, "claim", [[np.log10(316), (low + high) / 2]], "2")
    assert 20 < band[0, 3] < 150


def test_a_new_run_on_the_same_axes_is_painted_and_not_drawn(visit: Visit) -> None:
    page = visit()
    page.wait_for_timeout(500)
    page.evaluate(COUNT_DRAWINGS)
    before = attribute(page, "run")
    for key in ("ArrowRight", "ArrowRight"):
        slide(page, "Learning rate α", key)
        expect(player(page)).not_to_have_attribute("data-run", before)
        before = attribute(page, "run")
    # The labels of lines, and what is no line.
    assert set(page.evaluate("window.drawings")) <= {"claim", "diagram"}
    rate = re.search(r"learning_rate=([\d.]+)", page.url)
    assert rate is not None
    run = train(Config(learning_rate=float(rate[1])), load_dataset("spiral"))
    points = off_text(centres(3, run.config.hidden_units))
    wanted = diverging(weights(run, 1000).ravel(), limit_of(page, "W1"), "light")
    np.testing.assert_allclose(pixels(page, "W1", points)[:, :3], wanted, atol=2)
    found = pixels(page, "curves", [[np.log10(1 + e), run.loss[e]] for e in (200, 500, 800)])
    assert (found[:, 3] > 150).all()
    expect(page.get_by_test_id("nnviz-ribbon")).to_have_attribute("data-complete", "true")
    settle(page)
    page.get_by_role("slider", name="Epoch", exact=True).focus()  # or the keys would move α
    page.evaluate("window.drawings.length = 0")
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    settle(page)
    drawn_anew = set(page.evaluate("window.drawings"))
    assert drawn_anew <= {"diagram"}, "scrubbing must not draw axes anew"


def test_dead_units_are_crossed_out(visit: Visit, run: Recording) -> None:
    page = visit()
    # None is dead at the start, and one at the end.
    epochs = [keyframe.epoch for keyframe in run.keyframes]
    for epoch in (epochs[0], epochs[-1]):
        page.keyboard.press("Home" if epoch == 0 else "End")
        at_epoch(page, epoch)
        p = next(k.parameters for k in run.keyframes if k.epoch == epoch)
        dead = (p.W1 @ run.dataset.X + p.b1 <= 0).all(axis=1)
        found = pixels(page, "A1", [[0.02 * run.dataset.y.size, unit] for unit in range(16)])
        crossed = (np.abs(found[:, :3] - rgb("#D55E00")).max(axis=1) < 3).tolist()
        assert crossed == dead.tolist()
    assert dead.any()
    assert not dead.all()


def test_other_axes_are_drawn(visit: Visit) -> None:
    page = visit("?seed=1")
    before = attribute(page, "run")
    top = "document.querySelector('[data-picture=curves] .nnviz-plot')._fullLayout.yaxis.range[1]"
    was = page.evaluate(top)
    page.get_by_role("spinbutton", name="Weights seed").fill("2")
    page.keyboard.press("Enter")
    expect(player(page)).not_to_have_attribute("data-run", before)
    run = train(Config(seed=2), load_dataset("spiral"))
    highest = max(run.loss.max(), run.test_loss.max())
    assert page.evaluate(top) == pytest.approx(highest / 0.95, rel=0.02)
    assert page.evaluate(top) != was


def test_labels_say_the_number_that_is_shown(visit: Visit, run: Recording) -> None:
    page = visit()
    enlarge(page, "W1")
    unit, column = 4, 1
    place = page.evaluate(
        """([x, y]) => {
          const plot = document.querySelector("[data-picture=W1] .nnviz-plot");
          const { xaxis, yaxis } = plot._fullLayout;
          const { left, top } = plot.getBoundingClientRect();
          return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
        }""",
        [column, unit],
    )
    page.mouse.move(*place)
    label = page.locator("[data-picture=W1] .hovertext")
    for key, epoch in ((None, 1000), ("Home", 0)):
        if key:
            page.keyboard.press(key)
            at_epoch(page, epoch)
        shown = drawn(page, "W1")[unit][column]
        assert shown == pytest.approx(weights(run, epoch)[unit, column], abs=2e-4)
        said = f"{shown:.4f}".replace("-", "−")
        expect(label).to_have_text(re.compile(rf"hidden unit {unit + 1}, x₂\s*{said}"))
    page.keyboard.press("End")
    at_epoch(page, 1000)
    enlarge(page, "curves")
    other = train(Config(learning_rate=0.6), load_dataset("spiral"))
    curve = page.evaluate(
        """([x, y]) => {
          const plot = document.querySelector("[data-picture=curves] .nnviz-plot");
          const { xaxis, yaxis } = plot._fullLayout;
          const { left, top } = plot.getBoundingClientRect();
          return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
        }""",
        [math.log10(501), other.loss[500]],
    )
    slide(page, "Learning rate α", "ArrowRight")
    settle(page)
    page.mouse.move(*curve)
    labels = page.locator("[data-picture=curves] .hovertext").all_text_contents()
    near = [f"train loss {loss:.4f}" for loss in other.loss[480:521]]
    assert any(text in "".join(labels) for text in near), labels


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_in_cells_are_read(visit: Visit, scheme: str) -> None:
    page = visit("?hidden_units=6&epochs=200", color_scheme=scheme, device_scale_factor=3)
    enlarge(page, "W1")
    run = train(Config(hidden_units=6, epochs=200), load_dataset("spiral"))
    colours = diverging(weights(run, 200), limit_of(page, "W1"), scheme)
    around = [[x / 100, y / 20] for y in range(-8, 9) for x in range(-20, 21)]
    dark, light = np.array([19.0] * 3), np.array([255.0] * 3)
    for unit in range(6):
        for column in range(2):
            cell = colours[unit, column]
            found = pixels(page, "W1", np.add(around, [column, unit]))[:, :3]
            farthest = found[np.abs(found - cell).sum(axis=1).argmax()]
            best = max((dark, light), key=lambda ink: contrast(ink, cell))
            assert contrast(best, cell) > 4.2
            assert contrast(farthest, cell) > 0.6 * contrast(best, cell), "there is text"
            assert (farthest.sum() > cell.sum()) == (best is light), "in the other ink"


def test_files_hold_what_is_painted(visit: Visit, run: Recording, tmp_path: Path) -> None:
    page = visit(device_scale_factor=1)

    def saved(picture: str, kind: str) -> Path:
        enlarge(page, picture)
        place = page.locator(f"[data-picture={picture}]")
        place.hover()
        with page.expect_download() as download:
            place.locator(f"[data-title='Save as {kind}']").click()
        file = tmp_path / f"{picture}.{kind.lower()}"
        download.value.save_as(file)
        return file

    def colours(file: Path) -> np.ndarray:
        return np.asarray(Image.open(file).convert("RGB"), float).reshape(-1, 3)

    page.keyboard.press("Home")
    at_epoch(page, 0)
    there = np.unique(colours(saved("W1", "PNG")), axis=0)
    wanted = diverging(weights(run, 0).ravel(), limit_of(page, "W1"), "light")
    nearest = np.abs(there[None] - wanted[:, None]).max(axis=2).min(axis=1)
    assert nearest.max() <= 2, "a cell's colour is not in the file"
    line = rgb(RULE_COLOURS[run.config.gradient])
    assert (colours(saved("curves", "PNG")) == line).all(axis=1).sum() > 300
    assert "data:image/png" in saved("W2", "SVG").read_text(encoding="utf-8")
    fold = re.compile(r'class="js-line"[^>]* d="M')
    assert len(fold.findall(saved("decision", "SVG").read_text(encoding="utf-8"))) > 10
