"""The Learn page: the answer, a tour of five minutes, the derivation with links into the app."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from nnviz.ui.presets import LINKED, PRESETS
from nnviz.ui.slips import slips_table
from nnviz.ui.views.links import preset_link

CONTENT = Path(__file__).parent.parent / "content"
STYLES = CONTENT / "learn.css"

TOUR = (
    ("untrained", "Press the space bar. The regions of the decision map wrap around the samples."),
    ("forward", "One sample, from its two inputs to three probabilities, sum by sum."),
    (
        "output-gradient",
        "Four rules for one number: exact (14); without its term E (15); the bare A − Y (16); and "
        "ours, without E but centred.",
    ),
    ("zero", "The triangle: every sample sits on the line E = 0, and nothing has been learnt yet."),
    ("relative", "E vanishes, and the dotted line, what is neglected by what is left, rises."),
    (
        "leak",
        "Without E (15) the column sums of W² and b² drift, until the accuracy falls to chance.",
    ),
    ("certain", "(14) stays where it started, (16) learns: compare the four accuracies."),
    (
        "step-length-matched",
        "1,000 steps of equal length: (16) leads by far less than at one α.",
    ),
)
"""Steps of the tour: what to open, and the one thing to look at."""

SLIPS_HEADING = "Slips in the source"

OPENS = {
    "The network": ("untrained", "forward"),
    "Forward": ("forward",),
    "The loss": ("loss",),
    "The gradient at the output": ("output-gradient",),
    "Two approximations": ("output-gradient", "step-length"),
    "Back through the layers": ("back-propagation",),
    "The step": ("update", "trained"),
    SLIPS_HEADING: (),
    "What is true of the approximation": tuple(PRESETS),
}
"""What each section of the article opens."""


def learn_page(pages: dict[str, Any]) -> None:
    """Draw the page."""
    answer, sections = article()
    st.html(STYLES)
    st.markdown(answer)
    tour, derivation = st.tabs(["A tour of five minutes", "The derivation"])
    titles = {name: preset.title for name, preset in LINKED.items()}
    with tour:
        st.markdown("Open each step, look at the one thing, and come back here for the next.")
        for at, (name, look) in enumerate(TOUR, 1):
            with st.container(border=True, gap="xsmall"):
                st.markdown(f"**{at}.** {look}")
                preset_link(name, titles[name], pages)
    with derivation:
        for heading, text in sections:
            st.subheader(heading, anchor=False)
            st.markdown(text)
            for name in OPENS[heading]:
                preset_link(name, titles[name], pages)


@cache
def article() -> tuple[str, list[tuple[str, str]]]:
    """The answer that stands before everything, and the sections' headings and texts."""
    answer, *parts = (CONTENT / "learn.md").read_text(encoding="utf-8").split("\n## ")
    found = [part.split("\n", 1) for part in parts]
    sections = {heading.strip(): text.strip() for heading, text in found}
    sections[SLIPS_HEADING] += f"\n\n{slips_table()}"
    return answer.strip(), list(sections.items())
