"""Plots for docs/, drawn by the Plotly.js that the app uses itself."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from nnviz.player.assets import PLOTLY_JS

DOCS = Path(__file__).parent.parent / "docs"
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

COLOURS = ("#4477AA", "#EE6677", "#228833", "#AA3377")


def write_svg(
    name: str, panels: list[tuple[str, str, dict[str, tuple[list[float], list[float]]]]], log: bool
) -> None:
    """Write charts beside each other to docs/.

    Parameters
    ----------
    name : str
        Of the file.
    panels : list of (title of x, title of y, lines)
        Lines by their names, each with its x and y.
    log : bool
        Whether all axes are logarithmic.
    """
    from serving import chromium

    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "width": 380 * len(panels),
        "height": 300,
        "margin": {"l": 60, "r": 10, "t": 30, "b": 50},
        "grid": {"rows": 1, "columns": len(panels), "pattern": "independent", "xgap": 0.22},
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.15},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
    }
    kind = "log" if log else "linear"
    for number, (x_title, y_title, lines) in enumerate(panels, start=1):
        suffix = "" if number == 1 else str(number)
        grid = {"gridcolor": "#dddddd", "type": kind, "rangemode": "tozero"}
        layout[f"xaxis{suffix}"] = {"title": {"text": x_title}, **grid}
        layout[f"yaxis{suffix}"] = {"title": {"text": y_title}, **grid}
        for (label, (x, y)), colour in zip(lines.items(), COLOURS, strict=False):
            data.append(
                {
                    "x": x,
                    "y": y,
                    "name": label,
                    "mode": "lines+markers" if len(x) < 30 else "lines",
                    "line": {"color": colour},
                    "xaxis": f"x{suffix}",
                    "yaxis": f"y{suffix}",
                    "showlegend": bool(label) and label not in {line["name"] for line in data},
                }
            )
    with chromium() as browser:
        page = browser.new_page()
        page.set_content("<div></div>")
        page.add_script_tag(path=PLOTLY_JS)
        url: str = page.evaluate(
            f"Plotly.toImage({json.dumps({'data': data, 'layout': layout})}, {{format: 'svg', "
            f"width: {layout['width']}, height: {layout['height']}}})"
        )
    from urllib.parse import unquote

    (DOCS / name).write_text(unquote(url.split(",", 1)[1]), encoding="utf-8")
    print(f"docs/{name}")
