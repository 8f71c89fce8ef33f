"""One colour for each meaning, and the look that all pictures share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnviz.paper.network import Array

CLASS_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#882255",
    "#999933",
    "#44AA99",
    "#AA4499",
)
"""Okabe and Ito's colours, then Tol's: told apart by colour-blind eyes, on white and on black."""

RULE_COLOURS = {
    "exact": "#7A5CC2",
    "drop_error_term": "#B5651D",
    "difference": "#1B8A8F",
    "centred": "#C0487E",
}
"""One colour for each gradient rule."""

RULE_DASHES = {rule: "dash" if rule == "centred" else "solid" for rule in RULE_COLOURS}
"""The rule that is ours has dashed lines: colour is not its only mark."""

RUN_COLOURS = ("#4477AA", "#EE6677", "#228833", "#AA3377")
"""One colour for each of some runs beside each other (Paul Tol's bright ones)."""

NEUTRAL = "#8A8A8A"
"""Lines that mean no class and no rule; seen on white and on black."""

DIVERGING = {
    "light": ["#9E3D22", "#D87A56", "#F2C3AB", "#F5F5F2", "#A8CBE0", "#4C92BE", "#1F5C8A"],
    "dark": ["#FF9B73", "#CC6A45", "#6E4436", "#2A2D34", "#33566E", "#4B9CCB", "#9AD4F5"],
}
"""Negative, zero, positive, for each theme: zero fades into the background."""

SEQUENTIAL = {
    "light": ["#F5F5F2", "#CFE3D4", "#8CC3A0", "#3F9471", "#0E5C4A"],
    "dark": ["#2A2D34", "#2C4F49", "#338069", "#5DB58C", "#B7EBC8"],
}
"""From zero up, for each theme."""

LAYER_COLOURS = {
    "light": {"input": "#0069C0", "hidden": "#7D6B00", "output": "#8F1D6A"},
    "dark": {"input": "#6CB6FF", "hidden": "#E0C04A", "output": "#FF8FC6"},
}
"""One colour for each layer's nodes and symbols, for each theme; text in them can be read."""

BACKGROUNDS = {"light": "#ffffff", "dark": "#181816"}
"""Close to those of Streamlit's themes."""

IN_USE = "#D55E00"
"""What an equation uses: outlined in matrices, lit in the network."""

DARK_INK, LIGHT_INK = "#131313", "#FFFFFF"
"""Text on coloured places; the dark one's luminance is 0.006."""


def colour_scale(colours: list[str]) -> list[list[Any]]:
    """Plotly's form of a colour scale with evenly spaced colours."""
    return [[position / (len(colours) - 1), colour] for position, colour in enumerate(colours)]


def inks(at: Array) -> dict[str, list[str]]:
    """The colour of text that is read best on the rising scale, for each theme.

    Parameters
    ----------
    at : array
        Places on the scale, from 0 to 1.
    """
    chosen = {}
    for theme, colours in SEQUENTIAL.items():
        stops = np.stack([_rgb(colour) for colour in colours])
        places = np.linspace(0, 1, len(stops))
        rgb = np.stack([np.interp(at, places, channel) for channel in stops.T], axis=-1)
        luminance = _luminance(rgb)
        on_dark = 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.056
        chosen[theme] = [LIGHT_INK if dark else DARK_INK for dark in on_dark]
    return chosen


def theme_layouts() -> dict[str, dict[str, Any]]:
    """Layout attributes that the player sets for the theme it finds, by theme."""
    return {
        theme: {
            "coloraxis.colorscale": colour_scale(DIVERGING[theme]),
            "coloraxis2.colorscale": colour_scale(SEQUENTIAL[theme]),
            "coloraxis3.colorscale": colour_scale(SEQUENTIAL[theme]),
        }
        for theme in ("light", "dark")
    }


PAGES = {"light": ("#FFFFFF", "#141414"), "dark": ("#171614", "#FAFAFA")}
"""The background of the page as Streamlit has it, and its text, for each theme."""

READABLE = 4.5
"""Contrast to its background that text needs at least, WCAG 2."""


def contrast(one: str, other: str) -> float:
    """The contrast of two ``#rrggbb`` colours, as WCAG 2 has it: from 1 to 21."""
    low, high = sorted(float(_luminance(_rgb(colour))) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def as_text(colour: str, theme: str) -> str:
    """A ``#rrggbb`` colour as text on a theme's page: with as little of its ink as is readable."""
    page, ink = PAGES[theme]
    for share in np.linspace(0, 1, 101):
        mixed = (1 - share) * _rgb(colour) + share * _rgb(ink)
        found = "#" + "".join(f"{round(255 * channel):02X}" for channel in mixed)
        if contrast(found, page) >= READABLE:
            return found
    return ink


def _rgb(colour: str) -> Array:
    """Red, green and blue of a ``#rrggbb`` colour, from 0 to 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def _luminance(rgb: Array) -> Array:
    """The light that colours ``[…×3]`` give, as in WCAG 2."""
    light: Array = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return light @ np.array((0.2126, 0.7152, 0.0722))


def with_alpha(colour: str, alpha: float) -> str:
    """A ``#rrggbb`` colour that lets the background through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def blended(colour: str, strength: float, theme: str) -> str:
    """A ``#rrggbb`` colour as it is seen on a theme's background at some strength, opaque."""
    ends = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, BACKGROUNDS[theme]))
    mixed = (strength * a + (1 - strength) * b for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def plotly_text(name: str, most: int | None = None) -> str:
    """A name from the data as Plotly shows it letter by letter: it would read HTML and ``%{x}``.

    With `most`, a longer name is cut to so many letters.
    """
    if most is not None and len(name) > most:
        name = name[: most - 1] + "…"
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%", "&#37;")):
        name = name.replace(character, entity)
    return name


def plotly_texts(names: Iterable[str], most: int | None = None) -> list[str]:
    """Names from the data, each as `plotly_text`."""
    return [plotly_text(name, most) for name in names]


def axis(title: str | None = None, **attributes: Any) -> dict[str, Any]:
    """An axis; its colours come from the page's theme."""
    return {
        "title": {"text": title, "standoff": 4},
        "zeroline": False,
        "ticks": "",
        **attributes,
    }


def layout(uirevision: str, **attributes: Any) -> dict[str, Any]:
    """A layout without a template.

    Parameters
    ----------
    uirevision : str
        While it stays the same, a visitor's zoom is kept from run to run.
    """
    return {
        "template": None,
        "uirevision": uirevision,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 44, "r": 16, "t": 6, "b": 34},
        "font": {"size": 11},
        "hovermode": "closest",
        "dragmode": "zoom",
        "showlegend": False,
        **attributes,
    }


def plot(data: list[dict[str, Any]], layout: dict[str, Any]) -> dict[str, Any]:
    """A figure in Plotly's JSON form."""
    return {"data": data, "layout": layout}


def colour_axis(name: str, low: float, high: float) -> dict[str, Any]:
    """Limits of a colour axis: ``coloraxis`` diverges from zero, ``coloraxis2`` rises from it."""
    colours = (DIVERGING if name == "coloraxis" else SEQUENTIAL)["light"]
    return {
        name: {"cmin": low, "cmax": high, "colorscale": colour_scale(colours), "showscale": False}
    }
