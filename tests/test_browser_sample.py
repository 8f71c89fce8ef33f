"""One sample in Chromium: chosen by a point, followed through the epochs, and dragged."""

from __future__ import annotations

import re

import numpy as np
import pytest
from browsing import Visit, at_epoch, enlarge, player, settle
from playwright.sync_api import Locator, Page, expect

from nnviz.data.datasets import load_dataset
from nnviz.paper.gradients import GRADIENT_RULES, output_gradient
from nnviz.paper.network import forward
from nnviz.runs.config import Config
from nnviz.runs.recording import Recording, parameters_at, train

pytestmark = pytest.mark.browser


def opened(page: Page) -> Locator:
    """A sample, chosen by the keyboard."""
    settle(page)
    pick = page.get_by_role("button", name="Pick").first
    pick.scroll_into_view_if_needed()
    pick.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    return lab_of(page)


def lab_of(page: Page) -> Locator:
    """The chosen sample, once it is there."""
    lab = page.get_by_test_id("nnviz-sample")
    expect(lab).to_be_visible(timeout=20_000)
    return lab


def drawer_of(page: Page) -> Locator:
    return page.get_by_role("region", name="One sample")


def number_of(page: Page) -> int:
    """Which one is chosen, counted from 0."""
    said = drawer_of(page).locator("h3").inner_text()
    return int(re.findall(r"[\d,]+", said)[0].replace(",", "")) - 1


def values(lab: Locator, rule: str) -> dict[int, float]:
    """What its bars say of a rule, by the class."""
    return {
        int(section.get_attribute("data-class") or 0): float(
            section.locator(f"[data-rule={rule}]").get_attribute("data-value") or "nan"
        )
        for section in lab.locator("section[data-class]").all()
    }


def right(lab: Locator, run: Recording, sample: int, epoch: int) -> None:
    """Its bars are the core's numbers at a keyframe of the run."""
    data, column = run.dataset, slice(sample, sample + 1)
    keyframe = next(one for one in run.keyframes if one.epoch == epoch)
    A2 = forward(keyframe.parameters, data.X[:, column]).A2
    for rule in GRADIENT_RULES:
        wanted = output_gradient(A2, data.Y[:, column], rule)[:, 0]
        found = values(lab, rule)
        assert [found[k] for k in found] == pytest.approx([wanted[k] for k in found], rel=1e-9)


def test_a_sample_s_bars_are_its_gradients_and_a_drag_recomputes_them(visit: Visit) -> None:
    page = visit("approximation?epochs=100")
    lab = opened(page)
    run = train(Config(epochs=100), load_dataset("spiral"))
    right(lab, run, number_of(page), 100)
    # By the keyboard into the corner of a wrong class: there (14) gives up, and (16) pulls.
    before = {rule: values(lab, rule) for rule in GRADIENT_RULES}
    handle = lab.locator(".nnviz-handle")
    handle.focus()
    for _ in range(70):
        page.keyboard.press("ArrowRight")
    # At the far end of the lower edge: all of it is the class on the right.
    assert float(lab.get_attribute("data-error") or 0) == pytest.approx(1, abs=1e-6)
    assert max(map(abs, values(lab, "exact").values())) < 1e-6
    assert max(map(abs, values(lab, "difference").values())) == pytest.approx(1, abs=1e-6)
    lab.get_by_role("button", name="Back to the sample").click()
    assert {rule: values(lab, rule) for rule in GRADIENT_RULES} == before
    # By the mouse to the middle of the true edge's left side: E is 0 half-way to a wrong class.
    lab.locator(".nnviz-simplex").scroll_into_view_if_needed()
    box, outline = handle.bounding_box(), lab.locator(".nnviz-outline").bounding_box()
    assert box
    assert outline
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(outline["x"] + outline["width"] / 2, outline["y"] + outline["height"], steps=5)
    page.mouse.up()
    assert abs(float(lab.get_attribute("data-error") or 9)) < 0.02
    arrows = {
        arrow.get_attribute("data-rule"): float(arrow.get_attribute("data-long") or 0)
        for arrow in lab.locator(".nnviz-arrow").all()
    }
    lengths = {
        rule: float(np.linalg.norm(np.array(list(of)) - (np.mean(list(of)))))
        for rule, of in ((rule, values(lab, rule).values()) for rule in GRADIENT_RULES)
    }
    # One scale: an arrow is as long as the gradient, but for what (15) leaks out of the plane.
    scale = {rule: arrows[rule] / lengths[rule] for rule in GRADIENT_RULES}
    assert list(scale.values()) == pytest.approx([scale["exact"]] * 4, rel=1e-6)


@pytest.mark.parametrize("dataset", ["breast_cancer", "digits"])
def test_two_classes_are_a_line_and_of_many_the_most_probable_are_drawn(
    visit: Visit, dataset: str
) -> None:
    page = visit(f"approximation?dataset={dataset}&epochs=50", width=390, height=844)
    lab = opened(page)
    corners = lab.locator(".nnviz-outline").get_attribute("points") or ""
    assert len(corners.split()) == (2 if dataset == "breast_cancer" else 3)
    assert lab.locator("section[data-class]").count() == (2 if dataset == "breast_cancer" else 4)
    if dataset == "digits":
        expect(lab.get_by_text("6 less probable classes")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_a_chosen_sample_follows_the_scrubber_from_page_to_page(visit: Visit) -> None:
    page = visit("?epochs=100&sample=41")
    lab, run = lab_of(page), train(Config(epochs=100), load_dataset("spiral"))
    at_epoch(page, 100)
    right(lab, run, 41, 100)
    page.keyboard.press("Home")
    at_epoch(page, 0)
    expect(drawer_of(page)).to_contain_text("Training sample 42 at epoch 0 of the run by A − Y")
    right(lab, run, 41, 0)
    # A point that was dragged is let go of when the epoch moves on.
    lab.locator(".nnviz-handle").focus()
    page.keyboard.press("ArrowUp")
    expect(lab.get_by_role("button", name="Back to the sample")).to_be_visible()
    page.get_by_role("button", name="Step forward").click()
    at_epoch(page, 1)
    expect(drawer_of(page)).to_have_attribute("data-epoch", "1")
    right(lab, run, 41, 1)
    settle(page)
    page.get_by_role("link", name="Approximation").click()
    expect(page.get_by_text("Where may the error term be dropped")).to_be_visible()
    expect(drawer_of(page)).to_contain_text("Training sample 42 at epoch 1")
    assert "sample=41" in page.url
    right(lab_of(page), run, 41, 1)
    page.get_by_role("link", name="Step", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Sample m")).to_have_value("42")
    # Another one there is chosen everywhere.
    page.get_by_role("spinbutton", name="Sample m").fill("7")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("link", name="Train").click()
    expect(drawer_of(page)).to_contain_text("Training sample 7 ")


def test_a_sample_that_the_step_page_suggests_is_not_chosen(visit: Visit) -> None:
    page = visit("?epochs=100")
    settle(page)
    page.get_by_role("link", name="Step", exact=True).click()
    expect(page.get_by_role("spinbutton", name="Sample m")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Train").click()
    expect(page.locator("[data-picture=decision]").last).to_be_visible()
    settle(page)
    expect(drawer_of(page)).to_be_hidden()
    assert "sample=" not in page.url


POINT = """([picture, sample]) => {
  const plot = document.querySelector(`[data-picture=${picture}] .nnviz-plot`);
  const has = ({ customdata }) => customdata && Array.from(customdata).includes(sample);
  const trace = plot.data.find(has);
  const i = Array.from(trace.customdata).indexOf(sample);
  const { left, top } = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  const [x, y] = [xaxis.d2p(trace.x[i]), yaxis.d2p(trace.y[i])];
  return [left + xaxis._offset + x, top + yaxis._offset + y];
}"""
"""Where a sample's point is on the screen."""


def middle(locator: Locator) -> list[float]:
    box = locator.bounding_box()
    assert box
    return [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_click_on_a_point_chooses_it_in_all_pictures_and_escape_lets_it_go(
    visit: Visit, scheme: str
) -> None:
    page = visit("?epochs=100", color_scheme=scheme)
    settle(page)
    page.mouse.click(*page.evaluate(POINT, ["decision", 42]))
    lab_of(page)
    assert "sample=" in page.url
    sample = number_of(page) + 1  # the nearest to where the pointer is: mostly that one
    ring = page.locator("[data-picture=decision] .nnviz-mark-sample")
    page.wait_for_timeout(500)
    assert middle(ring) == pytest.approx(page.evaluate(POINT, ["decision", sample]), abs=0.6)
    # The drawer covers no picture.
    box, drawer = (
        page.locator("[data-picture=claim]").bounding_box(),
        drawer_of(page).bounding_box(),
    )
    assert box
    assert drawer
    assert box["x"] + box["width"] < drawer["x"]
    column = page.locator("[data-picture=A1] .nnviz-mark-sample")
    page.locator("[data-picture=A1]").scroll_into_view_if_needed()
    expect(column).to_have_count(1)
    page.keyboard.press("Escape")
    expect(drawer_of(page)).to_be_hidden()
    expect(ring).to_have_count(0)
    settle(page)
    assert "sample=" not in page.url
    page.go_back()
    expect(drawer_of(page)).to_be_visible()


def test_rings_stay_at_their_points(visit: Visit) -> None:
    page = visit("approximation?epochs=100&sample=41")
    lab_of(page)
    for epoch, key in ((100, "End"), (0, "Home")):
        page.keyboard.press(key)
        at_epoch(page, epoch)
        for picture in ("triangle", "input"):
            figure = page.locator(f"[data-picture={picture}]")
            figure.scroll_into_view_if_needed()
            ring = figure.locator(".nnviz-mark-sample")
            expect(ring).to_have_count(1)
            page.wait_for_timeout(400)
            assert middle(ring) == pytest.approx(page.evaluate(POINT, [picture, 42]), abs=0.6)
    # One point for each rule.
    weights = page.locator("[data-picture=weights]")
    weights.scroll_into_view_if_needed()
    expect(weights.locator(".nnviz-mark-sample")).to_have_count(4)


def test_the_step_page_opens_with_sample_epoch_and_unit(visit: Visit) -> None:
    page = visit("?epochs=100&sample=41&epoch=10")
    lab_of(page)
    at_epoch(page, 10)
    drawer_of(page).get_by_role("button", name="Open on the Step page").click()
    expect(page.get_by_role("spinbutton", name="Sample m")).to_have_value("42")
    expect(page.get_by_role("spinbutton", name="Epoch")).to_have_value("10")
    run = train(Config(epochs=100), load_dataset("spiral"))
    A1 = forward(parameters_at(run, 10), run.dataset.X[:, 41:42]).A1
    unit = page.get_by_role("spinbutton", name="Hidden unit j")
    expect(unit).to_have_value(str(int(A1.argmax()) + 1))


@pytest.mark.parametrize("path", ["", "approximation"])
def test_a_sample_beyond_the_data_is_answered_in_words(visit: Visit, path: str) -> None:
    page = visit(f"{path}?epochs=100&sample=4100")
    expect(drawer_of(page)).to_contain_text("225 training samples here, and no sample 4,101")
    expect(page.get_by_test_id("nnviz-sample")).to_be_hidden()
    expect(page.locator(".main-svg").first).to_be_visible()
    drawer_of(page).get_by_role("button", name="Close the sample").click()
    expect(drawer_of(page)).to_be_hidden()
    at_epoch(page, 100)


def test_of_many_classes_the_visitor_chooses_the_corners(visit: Visit) -> None:
    page = visit("?dataset=digits&epochs=50&sample=12")
    lab = lab_of(page)
    lab.get_by_role("combobox", name="Class at the right corner").select_option("8")
    lab.get_by_role("combobox", name="Class at the upper corner").select_option("1")
    corners = lab.locator(".nnviz-simplex text").all_text_contents()
    assert corners[1:3] == ["8", "1"]
    page.get_by_role("button", name="Reset", exact=True).click()
    at_epoch(page, 0)
    assert lab.locator(".nnviz-simplex text").all_text_contents()[1:3] == ["8", "1"]
    expect(drawer_of(page).locator("canvas")).to_be_visible()  # its image


def marked(page: Page, picture: str) -> dict[str, float]:
    """The box or line that marks a unit in a picture."""
    mark = page.locator(f"[data-picture={picture}] .nnviz-mark-unit")
    expect(mark).to_have_count(1)
    box = mark.bounding_box()
    assert box
    return {name: box[name] for name in ("x", "y", "width", "height")}


AT = """([picture, x, y]) => {
  const plot = document.querySelector(`[data-picture=${picture}] .nnviz-plot`);
  const { left, top } = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""


def test_a_hidden_unit_is_marked_in_all_pictures(visit: Visit) -> None:
    page = visit("?epochs=100&hidden_units=8", height=1200)
    settle(page)
    expect(page.locator("[data-picture=A1] .main-svg").first).to_be_visible()
    expect(page.locator("[data-picture=diagram] .main-svg").first).to_be_visible()
    # The row of the fifth unit in W1.
    page.mouse.move(*page.evaluate(AT, ["W1", 0, 4]))
    for picture, x, y in (("W1", 1, 4), ("A1", 80, 4), ("W2", 4, 1)):
        at, box = page.evaluate(AT, [picture, x, y]), marked(page, picture)
        assert box["x"] < at[0] < box["x"] + box["width"], picture
        assert box["y"] < at[1] < box["y"] + box["height"], picture
    column, row = marked(page, "W2"), marked(page, "W1")
    assert column["height"] > 2 * column["width"]
    assert row["width"] > 2 * row["height"]
    marked(page, "diagram")
    fold = page.locator("[data-picture=decision] .nnviz-mark-unit")
    assert fold.count() <= 1  # a unit may fold elsewhere
    page.mouse.move(5, 5)
    expect(page.locator(".nnviz-mark-unit")).to_have_count(0)
    # And back: by its fold line, by the keyboard.
    page.locator("[data-picture=decision]").get_by_role("button", name="Unit").focus()
    spoken = page.locator("[data-picture=decision] .nnviz-spoken").last
    expect(spoken).to_have_text("hidden unit 1")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text("hidden unit 5")
    assert marked(page, "W1") == pytest.approx(row)
    at_epoch(page, 100)  # the arrows were not taken for the player's


def test_a_fold_line_marks_its_unit(visit: Visit) -> None:
    page = visit("?epochs=100&hidden_units=8", height=1200)
    settle(page)
    ends = page.evaluate(
        """() => {
          const plot = document.querySelector("[data-picture=decision] .nnviz-plot");
          const { ids } = plot.data[1].meta.units;
          const { x, y } = plot.data[1];
          const n = ids.findIndex((_, k) => Number.isFinite(x[3 * k] + x[3 * k + 1]));
          const at = [x, y].map((all) => (all[3 * n] + all[3 * n + 1]) / 2);
          return [ids[n], ...at];
        }"""
    )
    page.mouse.move(*page.evaluate(AT, ["decision", *ends[1:]]))
    expect(page.locator("[data-picture=decision] line.nnviz-mark-unit")).to_have_count(1)
    middle_of_row = page.evaluate(AT, ["W1", 1, ends[0] - 1])
    box = marked(page, "W1")
    # Where lines cross, it is one of them.
    assert box["y"] < middle_of_row[1] < box["y"] + box["height"]


def test_tiles_of_images_are_units(visit: Visit) -> None:
    page = visit("?dataset=digits&epochs=50&hidden_units=8")
    settle(page)
    enlarge(page, "W1")
    page.mouse.move(*page.evaluate(AT, ["W1", 8 + 3, 4]))  # the second tile
    page.wait_for_timeout(200)
    box = marked(page, "W1")
    at = page.evaluate(AT, ["W1", 8 + 3.5, 4])
    assert box["x"] + box["width"] / 2 == pytest.approx(at[0], abs=1)
    marked(page, "W2")
    expect(player(page)).to_be_visible()
