"""The Learn page: one article, from the answer to the findings, with live figures in it."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import streamlit as st

from nnviz.ui.article import article, colour_styles, parts_of
from nnviz.ui.presets import LINKED, PRESETS
from nnviz.ui.views.article_figures import draw_figure
from nnviz.ui.views.links import preset_link, tour_link

STYLES = Path(__file__).parent.parent / "content" / "learn.css"

TOUR = "tour"
"""What stands in the article's file for the link to the tour."""

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
    said = article()
    titles = {name: preset.title for name, preset in LINKED.items()}
    numbers = count()

    def prose(text: str) -> None:
        for piece, then in parts_of(text):
            if piece:
                with st.container(key=f"prose-{next(numbers)}"):
                    st.markdown(_unbroken(piece))
            if then == TOUR:
                tour_link(pages)
            elif then:
                draw_figure(then)

    st.html(f"<style>{STYLES.read_text(encoding='utf-8')}\n{colour_styles()}</style>")
    with st.container(key="article"):
        with st.container(key="answer"):
            st.markdown(_unbroken(said.answer))
        prose(said.lead)
        for heading, text in said.sections.items():
            st.subheader(heading, anchor=False)
            prose(text)
            with st.container(key=f"opens-{next(numbers)}", gap=None):
                for name in OPENS[heading]:
                    preset_link(name, titles[name], pages)


def _unbroken(text: str) -> str:
    """A text in which no line ends within the name of a rule, or before a unit."""
    return text.replace("A − Y", "A\N{NO-BREAK SPACE}−\N{NO-BREAK SPACE}Y").replace(
        " %", "\N{NO-BREAK SPACE}%"
    )
