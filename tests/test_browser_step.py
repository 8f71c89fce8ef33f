"""The Step and Learn pages, and the presenter view, in real Chromium."""

from __future__ import annotations

import re

import pytest
from browsing import Visit, at_epoch, attribute, draws, number, player, settle, step_from_the_start
from playwright.sync_api import Page, expect

from nnviz.by_hand.worked import EQUATIONS
from nnviz.ui.presets import PRESETS
from nnviz.ui.views.equation import IN_ORDER
from nnviz.ui.views.learn import OPENS

pytestmark = pytest.mark.browser


def stage_shown(page: Page, stage: str, equation: str = "") -> None:
    equation = equation or EQUATIONS[stage][0]
    expect(page.get_by_role("radio", name=stage, exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name=equation, exact=True)).to_be_checked()
    expect(page.locator(".st-key-equations").get_by_text(equation, exact=True)).to_be_visible()
    settle(page)
    for picture in page.locator(".nnviz-picture").all():
        alt = picture.locator(".nnviz-plot").get_attribute("aria-label") or ""
        matrix = r"Matrix .* \[\d+×\d+\], .*; in use: "
        assert re.match(rf"{matrix}|The network; {re.escape(equation)} uses ", alt), alt


def test_all_equations_by_keyboard_and_back(visit: Visit) -> None:
    page = visit("step?at=120")
    for stage, equation in IN_ORDER:
        stage_shown(page, stage, equation)
        assert page.locator(".st-key-equations .katex-error").count() == 0
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    assert "stage=update" in page.url
    for stage, equation in reversed(IN_ORDER[-7:-1]):
        page.keyboard.press("ArrowLeft")
        stage_shown(page, stage, equation)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def place_of(page: Page, picture: str, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of a picture is, once it is drawn."""
    plot = page.locator(f"[data-picture='{picture}'] .nnviz-plot")
    plot.scroll_into_view_if_needed()
    expect(plot.locator(".main-svg").first).to_be_visible()
    left, top = plot.evaluate(
        """(plot, [x, y]) => {
          const { xaxis, yaxis } = plot._fullLayout;
          const { left, top } = plot.getBoundingClientRect();
          return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
        }""",
        [x, y],
    )
    return left, top


def node_of(page: Page, layer: int, node: int) -> tuple[float, float]:
    """Where a node of the network is, counted from 1."""
    height = page.locator("[data-picture='path'] .nnviz-plot").evaluate(
        """(plot, [layer, text]) => {
          const trace = plot.data.find(({ customdata, x }) => customdata && x[0] === layer);
          return trace.y[Array.from(trace.text).indexOf(text)];
        }""",
        [layer, str(node)],
    )
    return place_of(page, "path", layer, height)


def says(page: Page, **controls: int) -> None:
    labels = {"m": "Sample m", "j": "Hidden unit j", "k": "Class k", "i": "Input i"}
    for letter, value in controls.items():
        field = page.get_by_role("spinbutton", name=labels[letter])
        expect(field).to_have_value(str(value))


@pytest.mark.parametrize(
    ("stage", "picture", "row", "column", "chosen"),
    [
        ("forward", "Z1", 6, 45, {"m": 45, "j": 6}),
        ("forward", "W1", 9, 2, {"j": 9, "i": 2}),
        ("forward", "W1", 9, 3, {"j": 9, "i": 1}),  # the biases
        ("forward", "W2", 2, 12, {"k": 2, "j": 12}),
        ("forward", "X", 2, 40, {"m": 40, "i": 2}),
        ("output gradient", "centred", 3, 52, {"m": 52, "k": 3}),
        ("update", "W2 after", 3, 4, {"k": 3, "j": 4}),
    ],
)
def test_a_click_on_a_cell_chooses_it(
    visit: Visit, stage: str, picture: str, row: int, column: int, chosen: dict[str, int]
) -> None:
    page = visit(f"step?stage={stage.replace(' ', '+')}&sample=46")
    settle(page)
    page.mouse.click(*place_of(page, picture, column, row))
    says(page, **chosen)
    settle(page)
    says(page, **chosen)
    # In the address from 0.
    names = {"m": "sample", "j": "unit", "k": "output", "i": "feature"}
    for letter, value in chosen.items():
        if value > 1:
            assert f"{names[letter]}={value - 1}" in page.url


def test_a_click_on_a_node_chooses_it(visit: Visit) -> None:
    page = visit("step?equation=(9)&sample=46")
    settle(page)
    place_of(page, "path", 0, 0)  # it is drawn
    for layer, node, letter in ((2, 3, "k"), (1, 9, "j"), (0, 2, "i"), (1, 4, "j")):
        page.mouse.click(*node_of(page, layer, node))
        says(page, **{letter: node})
        settle(page)
    says(page, m=47, k=3, j=4, i=2)
    expect(page.locator(".st-key-equations")).to_contain_text("class")
    network = page.locator("[data-picture='path'] .nnviz-plot")
    expect(network).to_have_attribute("aria-label", re.compile("class 3"))


def test_a_cell_and_a_node_can_be_chosen_by_the_keyboard(visit: Visit) -> None:
    page = visit("step?sample=46")
    settle(page)
    pressed = {"path": ("ArrowDown", "ArrowRight"), "W1": ("ArrowDown", "ArrowRight")}
    chosen = {"path": {"j": 3}, "W1": {"j": 1, "i": 2}}
    for picture, keys in pressed.items():
        place_of(page, picture, 0, 0)
        page.locator(f"[data-picture='{picture}']").get_by_role("button", name="Pick").focus()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(f"[data-picture='{picture}'] .hovertext")).to_be_visible()
        page.keyboard.press("Enter")
        says(page, **chosen[picture])
        settle(page)
        assert "equation=" not in page.url, "the arrow keys are not the page's there"


@pytest.mark.parametrize("dataset", ["spiral", "digits"])
def test_on_a_phone_no_equation_is_wider_than_its_frame(visit: Visit, dataset: str) -> None:
    page = visit(f"step?dataset={dataset}&epochs=100", width=390, height=844)
    for stage, equation in IN_ORDER:
        page.get_by_role("radio", name=stage, exact=True).click()
        page.get_by_role("radio", name=equation, exact=True).click()
        frame = page.locator(".st-key-equation")
        expect(frame.get_by_text(equation, exact=True)).to_be_visible()
        found = frame.evaluate(
            """frame => {
              const { right } = frame.getBoundingClientRect();
              const parts = [...frame.querySelectorAll(".katex .base")];
              const ends = parts.map((part) => part.getBoundingClientRect().right);
              const inside = frame.scrollWidth - frame.clientWidth;
              return [parts.length, Math.max(...ends) - right, inside,
                document.documentElement.scrollWidth - innerWidth];
            }"""
        )
        assert found[0] > 2, equation
        assert max(found[1:]) <= 0, (equation, found)


def test_the_step_page_opens_at_the_epoch_seen(visit: Visit) -> None:
    page = visit()
    step_from_the_start(page, 2)
    page.get_by_role("link", name="Step").click()
    expect(page.get_by_test_id("stMain").get_by_test_id("stNumberInputField").first).to_have_value(
        "2"
    )
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    at_epoch(page, 2)
    page.keyboard.press("ArrowRight")
    at_epoch(page, 3)
    settle(page)
    page.get_by_role("link", name="Step").click()
    expect(page.get_by_test_id("stMain").get_by_test_id("stNumberInputField").first).to_have_value(
        "3"
    )


@pytest.mark.parametrize(
    ("rule", "squared", "entropy"),
    [
        ("exact", "matches", "does not match"),
        ("drop_error_term", "does not match", "does not match"),
        ("difference", "does not match", "matches"),
        ("centred", "does not match", "does not match"),
    ],
)
def test_gradient_check_badges(visit: Visit, rule: str, squared: str, entropy: str) -> None:
    page = visit(f"step?gradient={rule}&at=50&epochs=100")
    page.get_by_text("Gradient check").click()
    expect(page.get_by_text(f"mean squared error: {squared}")).to_be_visible()
    expect(page.get_by_text(f"cross-entropy: {entropy}")).to_be_visible()


def edit_first_weight(page: Page, text: str) -> None:
    """Type into the first cell of the table of W1."""
    table = (
        page.get_by_test_id("stExpander")
        .filter(has_text="What if")
        .get_by_test_id("stDataFrame")
        .first
    )
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(800)  # while the expander opens, the table moves
    table.click(position={"x": 120, "y": 52})
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")  # opens the cell
    page.wait_for_timeout(300)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text, delay=50)
    page.keyboard.press("Enter")


def test_edit_a_weight_and_train_on_from_there(visit: Visit) -> None:
    page = visit("step?at=20&epochs=100")
    before = attribute(page, "run")
    page.get_by_text("What if: edit the parameters").click()
    edit_first_weight(page, "1000000000000000")
    expect(page.get_by_text("No run can start from these numbers")).to_be_visible()
    expect(page.get_by_text("less than 1e+12 in length")).to_be_visible()
    expect(page.get_by_role("link", name="Train on from here")).to_be_hidden()
    edit_first_weight(page, "2.5")
    expect(page.get_by_text("Loss after the step")).to_be_visible()
    expect(page.get_by_text("as edited").first).to_be_visible()
    expect(player(page)).not_to_have_attribute("data-run", before)
    page.get_by_role("link", name="Train on from here").click()
    expect(page.get_by_role("heading", name="Loss and accuracy")).to_be_visible()
    expect(
        page.get_by_text("Training continues from epoch 20 with 1 parameter edited")
    ).to_be_visible()
    at_epoch(page, 0)
    edited = number(page, "Loss")
    run = attribute(page, "run")
    page.get_by_role("button", name="Back to the drawn weights").click()
    expect(player(page)).not_to_have_attribute("data-run", run)
    expect(page.get_by_text("Training continues from epoch 20")).to_be_hidden()
    assert number(page, "Loss") != edited


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("init_scale=0&at=0", ["cannot tell", "cannot tell"]),
        ("init_scale=0&at=0&gradient=exact", ["cannot tell", "cannot tell"]),
    ],
)
def test_gradient_check_says_that_it_cannot_tell(
    visit: Visit, query: str, answers: list[str]
) -> None:
    page = visit(f"step?{query}")
    page.get_by_text("Gradient check").click()
    for loss, answer in zip(("mean squared error", "cross-entropy"), answers, strict=True):
        expect(page.get_by_text(f"{loss}: {answer}")).to_be_visible()
    expect(page.get_by_text("Not everything can be told here")).to_be_visible()
    expect(page.get_by_text("every entry is on the corner of a ReLU").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_article_has_all_equations_and_findings(visit: Visit, width: int, theme: str) -> None:
    page = visit("step", width=width, color_scheme=theme)
    page.goto(page.url.split("step")[0] + "learn")
    for heading in OPENS:
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    assert page.locator(".katex-error").count() == 0, "an equation cannot be read"
    tags = page.locator(".katex-display .tag:visible").all_inner_texts()
    assert tags == [f"({number})" for number in range(1, 30)]
    # What is wider than the screen scrolls, with its number at the end, not over it.
    # Once the letters are there: until then, equations are of another width.
    page.wait_for_function(
        """() => [...document.querySelectorAll(".katex-display")].every((equation) => {
          const box = (element) => element.getBoundingClientRect();
          const tag = equation.querySelector(".tag");
          if (!tag) return box(equation).right <= innerWidth; // ours, which the source has not
          const end = Math.max(...[...equation.querySelectorAll(".base")].filter(
            (part) => !tag.contains(part)).map((part) => box(part).right));
          const scrolls = getComputedStyle(equation).overflowX === "auto";
          const wide = equation.scrollWidth > equation.clientWidth;
          const over = box(tag).left < end || box(equation).right > innerWidth;
          return !over && (!wide || scrolls);
        })"""
    )
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("link", name=PRESETS["leak"].title).click()
    expect(page).to_have_url(re.compile("/approximation"))
    draws(page)
    at_epoch(page, PRESETS["leak"].epoch)
    expect(page.get_by_text(PRESETS["leak"].title, exact=True).first).to_be_visible()


def test_the_presenter_view_hides_controls_and_enlarges_type(visit: Visit) -> None:
    def type_size(page: Page) -> float:
        return float(
            page.evaluate(
                """() => parseFloat(getComputedStyle(
                  document.querySelector(".nnviz-numbers dd")).fontSize)"""
            )
        )

    small = type_size(visit("approximation?preset=leak"))
    page = visit("approximation?preset=leak&present=1")
    assert type_size(page) > 1.2 * small
    expect(page.get_by_text("Data set", exact=True)).not_to_be_in_viewport()
    expect(page.get_by_role("combobox", name="Compare at")).to_be_hidden()
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Decision map")).to_be_visible()
    assert type_size(page) > 1.2 * small
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
