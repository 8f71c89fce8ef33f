"""One sample in Chromium: opened by a point, dragged, and computed anew."""

from __future__ import annotations

import numpy as np
import pytest
from browsing import Visit, settle
from playwright.sync_api import Locator, Page, expect

from nnviz.data.datasets import load_dataset
from nnviz.paper.gradients import GRADIENT_RULES, output_gradient
from nnviz.paper.network import forward
from nnviz.runs.config import Config
from nnviz.runs.recording import train

pytestmark = pytest.mark.browser


def opened(page: Page) -> Locator:
    """A sample, chosen by the keyboard."""
    settle(page)
    pick = page.get_by_role("button", name="Pick").first
    pick.scroll_into_view_if_needed()
    pick.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    lab = page.get_by_test_id("nnviz-sample")
    expect(lab).to_be_visible(timeout=20_000)
    return lab


def values(lab: Locator, rule: str) -> dict[int, float]:
    """What its bars say of a rule, by the class."""
    return {
        int(section.get_attribute("data-class") or 0): float(
            section.locator(f"[data-rule={rule}]").get_attribute("data-value") or "nan"
        )
        for section in lab.locator("section[data-class]").all()
    }


def test_a_sample_s_bars_are_its_gradients_and_a_drag_recomputes_them(visit: Visit) -> None:
    page = visit("approximation?epochs=100")
    lab = opened(page)
    dialog = page.get_by_role("dialog")
    number = int(dialog.locator("strong").first.inner_text()) - 1  # from 0
    data = load_dataset("spiral")
    run = train(Config(epochs=100), data)
    column = slice(number, number + 1)
    A2 = forward(run.keyframes[-1].parameters, data.X[:, column]).A2
    for rule in GRADIENT_RULES:
        wanted = output_gradient(A2, data.Y[:, column], rule)[:, 0]
        found = values(lab, rule)
        assert [found[k] for k in range(3)] == pytest.approx(wanted.tolist(), rel=1e-9)
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
