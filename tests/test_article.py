"""The article of the Learn page as it is put together: notes, figures, colours, the tour."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_learn import LEAD, TEXT, finding, says

from nnviz.by_hand.worked import STAGES
from nnviz.by_hand.worth import busiest_epoch
from nnviz.data.datasets import load_dataset
from nnviz.figures.style import PAGES, RULE_COLOURS, as_text, contrast
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.player.messages.article import leak_figure, learning_figure, term_figure
from nnviz.runs.config import Config
from nnviz.runs.recording import train
from nnviz.ui.article import COLOURS, colour_styles, parts_of
from nnviz.ui.presets import PRESETS
from nnviz.ui.slips import SLIPS, notes_beside, slips_of
from nnviz.ui.tour.following import tour_in_use
from nnviz.ui.views.article_figures import FIGURES
from nnviz.ui.views.learn import TOUR


def test_every_slip_has_a_note_after_its_equation_and_is_said_at_its_step() -> None:
    assert len(SLIPS) == 8
    whole = "\n\n".join(TEXT.values())
    after = {
        int(number): note
        for number, note in re.findall(
            r"\\tag\{(\d+)\}[^$]*\$\$(?:\n\n((?:>.*\n?)+))?", whole, re.MULTILINE
        )
    }
    assert sorted(after) == list(range(1, 30))
    said = "".join(slips_of(stage) for stage in STAGES)
    for slip in SLIPS:
        first, *others = slip.equations
        for part in (slip.where, slip.says, slip.means):
            assert part.replace("*", r"\*") in after[first], slip.where
        for number in others:
            assert f"as at ({first}): {slip.says}".replace("*", r"\*") in after[number]
        assert slip.stage in STAGES
        assert slip.means.replace("*", r"\*") in said
    for number, note in after.items():
        assert note.count("**Slip") == len(notes_beside(number))
    assert slips_of("update") == ""
    assert [slip.equations for slip in SLIPS] == [
        (10,), (14,), (17, 21, 23), (17,), (20,), (20, 25), (22,), (22, 24, 25),
    ]  # fmt: skip


def test_what_stands_in_the_text_is_there() -> None:
    """Every figure where the text speaks of it, and the way to the tour near the top."""
    assert parts_of("a") == [("a", "")]
    placed = {head: [then for _, then in parts_of(text) if then] for head, text in TEXT.items()}
    assert [then for _, then in parts_of(LEAD) if then] == [TOUR]
    found = [name for names in placed.values() for name in names]
    assert sorted(found) == sorted(FIGURES)
    assert placed["Two approximations"] == ["sample"]
    assert placed["The step"] == ["learning"]
    before = [piece for piece, _ in parts_of(TEXT["What is true of the approximation"])]
    last = [re.findall(r"(?m)^(\d+)\. ", piece)[-1] for piece in before]
    assert last == ["3", "4", "13"], "E's figure follows finding 3, the leak's finding 4"


def test_symbols_have_the_colours_of_their_rules_in_a_readable_shade() -> None:
    said = "\n".join((LEAD, *TEXT.values()))
    assert set(COLOURS.values()) == set(RULE_COLOURS.values())
    for name, colour in COLOURS.items():
        assert f"\\textcolor{{{colour}}}{{" in said, f"nothing is in the colour of {name}"
        assert f"\\{name}{{" not in said
        rgb = ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        light, dark = as_text(colour, "light"), as_text(colour, "dark")
        assert f'[style*="rgb({rgb})"] {{ color: light-dark({light}, {dark})' in colour_styles()
        for theme, (page, ink) in PAGES.items():
            shade = as_text(colour, theme)
            assert contrast(shade, page) >= 4.5
            assert contrast(shade, ink) > 1.9, "no longer a colour"
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert not re.search(r"\\E(?![a-z])", said)


def test_the_tour_s_presets_stand_in_the_order_of_what_to_see() -> None:
    """One order: a visitor who leaves the tour finds the next one in the list."""
    of_tour = [step.preset for step in tour_in_use()[0].steps if step.preset in PRESETS]
    assert of_tour == [name for name in PRESETS if name in of_tour]
    assert len(of_tour) >= 5


def test_figures_are_small_and_show_what_the_text_says() -> None:
    run = train(Config(), load_dataset("spiral"))
    half = f"Half of the way down the loss is made by epoch {busiest_epoch(run)}"
    says(half, re.sub(r"\s+", " ", TEXT["The step"]))
    rules = re.sub(r"\s+", " ", TEXT["Two approximations"])
    says(f"at epoch {busiest_epoch(run)} of the default run", rules)
    leak = PRESETS["leak"].spec
    runs = {
        rule: train(replace(leak.config, gradient=rule), leak.load()) for rule in GRADIENT_RULES
    }
    says("four runs on xor at α = 1, one by each rule: (15) comes above 90 %", finding(4))
    right = runs["drop_error_term"].accuracy
    assert (leak.dataset, leak.config.learning_rate) == ("xor", 1)
    assert right.max() > 0.9
    assert right[-1] < 0.4, "three classes: chance is a third"
    for packed in (learning_figure(run, "a"), term_figure(run, "b"), leak_figure(runs, "c")):
        assert b'"figure":true' in packed.replace(b'": true', b'":true')
        assert len(packed) < 700_000
