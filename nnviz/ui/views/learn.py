"""The Learn page: a tour of five minutes, and the derivation with links into the app."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from nnviz.ui.presets import LINKED, PRESETS
from nnviz.ui.views.links import preset_link

CONTENT = Path(__file__).parent.parent / "content"

TOUR = (
    ("untrained", "Press the space bar. The regions of the decision map wrap around the samples."),
    ("forward", "One sample, from its two inputs to three probabilities, sum by sum."),
    ("output-gradient", "The three rules for one number: (14) has E in it, (15) and (16) do not."),
    ("zero", "The triangle: every sample sits on the line E = 0, and nothing has been learnt yet."),
    ("relative", "E vanishes, and the dotted line, what is neglected by what is left, rises."),
    ("leak", "The mean logit drifts away under (15), until the accuracy falls to chance."),
    ("certain", "(14) stays where it started, (16) learns: compare the three accuracies."),
    (
        "step-length-matched",
        "With steps of equal length (16) leads by far less than before.",
    ),
)
"""Steps of the tour: what to open, and the one thing to look at."""

OPENS = {
    "The network": ("untrained", "forward"),
    "Forward": ("forward",),
    "The loss": ("loss",),
    "The gradient at the output": ("output-gradient",),
    "Two approximations": ("output-gradient", "step-length"),
    "Back through the layers": ("back-propagation",),
    "The step": ("update", "trained"),
    "What is true of the approximation": tuple(PRESETS),
}
"""What each section of the article opens."""


def learn_page(pages: dict[str, Any]) -> None:
    """Draw the page."""
    tour, article = st.tabs(["A tour of five minutes", "The derivation"])
    titles = {name: preset.title for name, preset in LINKED.items()}
    with tour:
        st.markdown("Open each step, look at the one thing, and come back here for the next.")
        for at, (name, look) in enumerate(TOUR, 1):
            with st.container(border=True, gap="xsmall"):
                st.markdown(f"**{at}.** {look}")
                preset_link(name, titles[name], pages)
    with article:
        for heading, text in sections():
            st.subheader(heading, anchor=False)
            st.markdown(text)
            for name in OPENS[heading]:
                preset_link(name, titles[name], pages)


@cache
def sections() -> list[tuple[str, str]]:
    """Headings and texts of the article."""
    parts = (CONTENT / "learn.md").read_text(encoding="utf-8").split("\n## ")[1:]
    found = [part.split("\n", 1) for part in parts]
    return [(heading.strip(), text.strip()) for heading, text in found]
