"""The Train page's claim in Chromium: the ribbon, the sentence, the line that is dragged."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from browsing import PLAYER, Visit, at_epoch, at_rest, attribute, button, player, settle
from node import run_js
from playwright.sync_api import Locator, Page, expect
from test_claim import LANES, NORMAL, sent

from nnviz.approximation.agreement import APPROXIMATIONS
from nnviz.runs.recording import train
from nnviz.ui.controls.translation import default_spec

pytestmark = pytest.mark.browser

SIZES = [(1440, 900), (1280, 720), (1920, 1080), (390, 844)]

# Text of the player's own elements, and of its charts, with the boxes that it takes.
TEXTS = """() => {
  const root = document.querySelector("[data-testid=nnviz-player]");
  const found = [];
  const visible = (e) => {
    const style = getComputedStyle(e);
    const { width, height } = e.getBoundingClientRect();
    return style.visibility !== "hidden" && Number(style.opacity) > 0 && width > 1 && height > 1;
  };
  for (const e of root.querySelectorAll("*")) {
    if (e.closest(".nnviz-spoken, .modebar, select, [hidden]") || !visible(e)) continue;
    const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own.length) continue;
    const boxes = own.flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
    for (const box of boxes) {
      const { left, top, right, bottom } = box;
      if (right - left < 1) continue;
      const frame = e.closest("figure, .nnviz-why, .nnviz-ribbon, .nnviz-question");
      const around = (frame ?? root).getBoundingClientRect();
      found.push({ text: e.textContent.trim().slice(0, 40), left, top, right, bottom,
        around: [around.left, around.top, around.right, around.bottom] });
    }
  }
  return found;
}"""


def overlaps(texts: list[dict[str, Any]]) -> list[str]:
    """Texts that lie over each other, or leave what they stand in."""
    said = []
    for i, one in enumerate(texts):
        left, top, right, bottom = one["around"]
        inside = left - 3 <= one["left"] and one["right"] <= right + 3
        if not inside or one["top"] < top - 4 or one["bottom"] > bottom + 4:
            said.append(f"{one['text']!r} leaves its place")
        for other in texts[i + 1 :]:
            if one["text"] == other["text"]:
                continue
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            # Lines of text are higher than their letters.
            if across > 2 and down > 0.3 * min(
                one["bottom"] - one["top"], other["bottom"] - other["top"]
            ):
                said.append(f"{one['text']!r} over {other['text']!r}")
    return said


def complete(page: Page) -> Locator:
    """The ribbon, when all is measured."""
    ribbon = page.get_by_test_id("nnviz-ribbon")
    expect(ribbon).to_have_attribute("data-complete", "true")
    return ribbon


def sentence(page: Page) -> str:
    return page.get_by_test_id("nnviz-sentence").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_overlaps_or_is_cut(visit: Visit, size: tuple[int, int], theme: str) -> None:
    page = visit("?epoch=40", *size, color_scheme=theme)
    complete(page)
    texts = at_rest(page, TEXTS)
    assert len(texts) > 40
    assert overlaps(texts) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0], "nothing runs off the side"


@pytest.mark.parametrize("size", SIZES[:3], ids=str)
def test_nothing_overlaps_when_presenting(visit: Visit, size: tuple[int, int]) -> None:
    page = visit("?present=1&epoch=40", *size)
    complete(page)
    assert overlaps(at_rest(page, TEXTS)) == []


@pytest.mark.parametrize(
    "query", ["?dataset=digits", "?classes=6&hidden_units=128", "?dataset=iris"]
)
def test_nothing_overlaps_with_other_data(visit: Visit, query: str) -> None:
    page = visit(query)
    assert overlaps(at_rest(page, TEXTS)) == []


def test_all_of_it_is_on_the_first_screen(visit: Visit) -> None:
    page = visit()
    for name in ("decision", "claim", "curves", "W1", "W2", "A1", "diagram"):
        box = page.locator(f"[data-picture='{name}']").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, f"{name} is below the screen"
    top = page.locator(".nnviz-question").bounding_box()
    assert top
    assert top["y"] < 90, "no empty strip below the navigation"


def test_on_a_phone_the_question_the_sentence_and_the_ribbon_come_first(visit: Visit) -> None:
    page = visit("", 390, 844)
    names = (".nnviz-question", ".nnviz-sentence", ".nnviz-ribbon", "[data-picture=decision]")
    tops = [page.locator(name).bounding_box()["y"] for name in names]  # type: ignore[index]
    assert tops == sorted(tops)
    assert tops[-1] < 800, "the map begins on the first screen"


def test_the_ribbon_shows_what_was_measured(visit: Visit) -> None:
    """Its pixels, against what node makes of the same run."""
    page = visit()
    ribbon = complete(page)
    run = train(default_spec().config, default_spec().load())
    lanes = run_js(LANES, **sent(run), rules=list(APPROXIMATIONS), criterion=NORMAL)
    canvas = ribbon.locator("canvas")
    shot = canvas.evaluate(
        """canvas => {
          const { width, height } = canvas;
          return { width, height, box: canvas.clientHeight,
            data: Array.from(canvas.getContext("2d").getImageData(0, 0, width, height).data) };
        }"""
    )
    pixels = np.array(shot["data"]).reshape(shot["height"], shot["width"], 4)
    colours = {"holds": (31, 143, 107), "half": (224, 160, 48), "fails": (201, 80, 44)}
    heights: dict[str, set[int]] = {}
    top = 0
    for rule in APPROXIMATIONS:
        for kind in ("step", "next"):
            cells = lanes[rule][kind]
            for cell in cells:
                ends = [np.log1p(cell[end]) / np.log1p(1000) for end in ("from", "to")]
                left, right = (round(share * shot["width"]) for share in ends)
                if right - left < 6:
                    continue
                column = pixels[top : top + 11, (left + right) // 2, :3]
                filled = np.all(np.abs(column - colours[cell["level"]]) < 6, axis=1)
                assert filled[-1], (rule, kind, cell)
                heights.setdefault(cell["level"], set()).add(int(filled.sum()))
            top += 11 + (1 if kind == "step" else 6)
    tall = {level: min(found) for level, found in heights.items()}
    assert all(len(found) == 1 for found in heights.values()), heights
    assert tall["holds"] > tall["half"] > tall["fails"] > 0, "not by colour alone"


def test_the_ribbon_is_the_scrubber(visit: Visit) -> None:
    page = visit()
    complete(page)
    box = page.locator(".nnviz-lanes canvas").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], middle, steps=5)
    at_epoch(page, round(1001**0.5 - 1))
    page.mouse.up()
    scrubber = page.get_by_role("slider", name="Epoch", exact=True)
    expect(scrubber).to_be_focused()
    expect(scrubber).to_have_value(str(round(1001**0.5 - 1)))
    page.keyboard.press("ArrowRight")
    at_epoch(page, round(1001**0.5))
    page.keyboard.press("Home")
    at_epoch(page, 0)
    page.keyboard.press("End")
    at_epoch(page, 1000)
    button(page, "linear").click()
    page.mouse.click(box["x"] + 0.5 * box["width"], middle)
    at_epoch(page, 500)


def test_the_sentence_follows_and_is_spoken_at_rest(visit: Visit) -> None:
    page = visit("?epoch=40")
    complete(page)
    said = sentence(page)
    assert re.match(r"Epoch 40: accuracy \d+ %, mean \|E\| 0\.\d+\. Without E the step turns", said)
    page.keyboard.press("End")
    at_epoch(page, 1000)
    assert sentence(page).startswith("Epoch 1,000: ")
    spoken = player(page).locator("p.nnviz-spoken")
    expect(spoken).to_contain_text("Epoch 1,000: ")
    assert spoken.get_attribute("aria-live") == "polite"
    assert "Why?" not in spoken.inner_text()


def test_the_threshold_is_dragged_and_the_control_follows(visit: Visit) -> None:
    page = visit()
    complete(page)
    line = player(page).get_by_role("slider", name="Holds from")
    expect(line).to_have_attribute("aria-valuenow", "0.9")
    assert "0.896 times as much: it does not hold" in sentence(page)
    line.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-valuenow", "0.8")
    expect(page.get_by_test_id("nnviz-sentence")).to_contain_text("as much: it holds")
    at_epoch(page, 1000)
    expect(page.get_by_test_id("stSidebar").get_by_role("slider", name="Holds from")).to_have_value(
        "0.8"
    )
    expect(page).to_have_url(re.compile(r"threshold=0\.8"))
    settle(page)
    expect(line).to_have_attribute("aria-valuenow", "0.8")
    box = line.bounding_box()
    assert box
    page.mouse.move(box["x"] + 50, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(line).to_have_attribute("aria-valuenow", "0.5")
    settle(page)
    expect(line).to_have_attribute("aria-valuenow", "0.5")


def test_a_horizon_chosen_is_that_of_ribbon_and_sentence(visit: Visit) -> None:
    page = visit("?horizon=10&epoch=40")
    ribbon = complete(page)
    expect(ribbon).to_contain_text("next 10")
    assert "10 such steps" in sentence(page)


def test_a_small_picture_takes_the_place_of_the_map(visit: Visit) -> None:
    page = visit()
    large = page.locator(".nnviz-large-row > figure").first
    expect(large).to_have_attribute("data-picture", "decision")
    button(page, "Enlarge: W¹ and b¹, input → hidden").click()
    expect(large).to_have_attribute("data-picture", "W1")
    assert large.bounding_box()["width"] > 300  # type: ignore[index]
    expect(large.locator("figcaption")).to_be_visible()
    button(page, "Enlarge: Loss and accuracy").click()
    expect(large).to_have_attribute("data-picture", "curves")
    button(page, "Back to its place: Loss and accuracy").click()
    expect(large).to_have_attribute("data-picture", "decision")
    order = page.locator(".nnviz-small-row > figure")
    assert [order.nth(i).get_attribute("data-picture") for i in range(5)] == [
        "curves", "W1", "W2", "A1", "diagram",
    ]  # fmt: skip


def test_the_small_network_follows_at_rest(visit: Visit) -> None:
    page = visit("?epochs=200")
    widths = """() => document.querySelector("[data-picture=diagram] .nnviz-plot").data
        .map(({ line }) => line?.width ?? 0).join()"""
    at_end = page.evaluate(widths)
    page.get_by_role("slider", name="Epoch", exact=True).focus()
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")
    at_epoch(page, 0)
    page.wait_for_function(f"before => ({widths})() !== before", arg=at_end)
    page.keyboard.press("End")
    at_epoch(page, 200)
    page.wait_for_function(f"before => ({widths})() === before", arg=at_end)


def test_a_first_visit_plays_by_itself_and_stops_at_a_key(visit: Visit) -> None:
    page = visit("", reduced_motion="no-preference")
    expect(button(page, "Pause")).to_be_visible()
    expect(page.locator(".nnviz-ahead")).to_be_visible()
    page.keyboard.press("Shift")
    expect(button(page, "Play")).to_be_visible()
    epoch = int(attribute(page, "epoch"))
    assert epoch < 1000
    expect(page.locator(".nnviz-ahead")).to_be_hidden()
    page.wait_for_timeout(500)
    assert int(attribute(page, "epoch")) == epoch
    page.reload()
    expect(page.locator(PLAYER)).to_have_attribute("data-epoch", "1000")


def test_a_control_moved_while_it_plays_is_followed(visit: Visit) -> None:
    """What the player told at the same key took the place of the control's change."""
    page = visit("?epochs=50", reduced_motion="no-preference")
    run = attribute(page, "run")
    page.get_by_role("slider", name="Hidden units").focus()
    page.keyboard.press("ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    expect(page).to_have_url(re.compile("hidden_units=17"))


def test_it_plays_to_the_end_in_some_seconds(visit: Visit) -> None:
    page = visit("", reduced_motion="no-preference")
    early = page.wait_for_function(f"Number(document.querySelector('{PLAYER}').dataset.epoch)")
    assert early.json_value() < 1000, "it plays, and does not jump"
    expect(button(page, "Play")).to_be_visible()
    at_epoch(page, 1000)


def test_reduced_motion_rests_at_the_end(visit: Visit) -> None:
    page = visit("", reduced_motion="reduce")
    at_epoch(page, 1000)
    expect(button(page, "Play")).to_be_visible()


def test_a_control_keeps_the_epoch_s_place(visit: Visit) -> None:
    page = visit("?epoch=40")
    page.keyboard.press("ArrowRight")
    at_epoch(page, 41)
    settle(page)
    run = attribute(page, "run")
    page.get_by_role("slider", name="Learning rate α").focus()
    page.keyboard.press("ArrowRight")
    expect(player(page)).not_to_have_attribute("data-run", run)
    at_epoch(page, 41)


def test_why_it_works_is_checked_by_a_click(visit: Visit) -> None:
    page = visit("?epoch=40")
    why = page.locator(".nnviz-why")
    expect(why).to_contain_text("55°")
    expect(why).to_contain_text("0°, always")
    why.get_by_role("button", name="Check the gradient").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cross-entropy: matches")
    expect(dialog).to_contain_text("mean squared error: does not match")
    expect(dialog).to_contain_text("epoch 40")


def test_more_opens_when_something_in_it_was_moved(visit: Visit) -> None:
    page = visit()
    inside = page.get_by_role("slider", name="Noise")
    expect(inside).to_be_hidden()
    page = visit("?noise=0.5")
    expect(page.get_by_role("slider", name="Noise")).to_be_visible()


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        ("exact", []),
        ("drop_error_term", [" − A·E"]),
        ("difference", ["A∘", " − A·E"]),
        ("centred", [" − A·E"]),
    ],
)
def test_the_gradient_in_use_says_what_it_leaves_out(
    visit: Visit, rule: str, left_out: list[str]
) -> None:
    page = visit(f"?gradient={rule}&epochs=50")
    assert page.locator(".nnviz-formula del").all_text_contents() == left_out
