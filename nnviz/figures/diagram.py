"""FIG. 1 of the source, live: the network with its weights and one sample's activations."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnviz.figures.frames import Frames, largest
from nnviz.figures.moving import Moving, animated, in_bytes
from nnviz.figures.picture import Picture, evenly, linked, reduced
from nnviz.figures.style import NEUTRAL, axis, colour_axis, layout, plotly_texts
from nnviz.paper.network import Array

MOST_EDGES = 130
"""Lines drawn at most; of more, the strongest at the end of the run."""

MOST_NODES = 20
"""Nodes of a layer at most."""

EDGE_COLOURS = ("#C4532B", "#CC8E78", NEUTRAL, "#7FA6BF", "#2E7FB0")
"""From a strong negative weight to a strong positive one, on white and on black."""

SAMPLES_OF_A_CLASS = 3


def network_diagram(frames: Frames) -> Picture:
    """Inputs, hidden units and classes; a choice of samples to send through."""
    dataset = frames.run.dataset
    inputs, units = len(dataset.feature_names), frames.run.config.hidden_units
    classes = len(dataset.class_names)
    drawn_inputs, drawn_units = evenly(inputs, MOST_NODES), evenly(units, MOST_NODES)
    # A node more in each of the first two layers stands for the constant 1 that b weighs.
    first = frames.W1b1[:, drawn_units][:, :, [*drawn_inputs, -1]]
    second = frames.W2b2[:, :, [*drawn_units, -1]]
    heights = [_column(len(drawn_inputs) + 1), _column(len(drawn_units) + 1), _column(classes)]

    weights = np.concatenate([first.reshape(len(first), -1), second.reshape(len(second), -1)], 1)
    strongest = np.sort(np.argsort(-np.abs(weights[-1]), kind="stable")[:MOST_EDGES])
    from_first = first[0].size
    ends = [
        (0, heights[0][source], heights[1][target])
        for target in range(len(drawn_units))
        for source in range(len(drawn_inputs) + 1)
    ] + [
        (1, heights[1][source], heights[2][target])
        for target in range(classes)
        for source in range(len(drawn_units) + 1)
    ]
    limit = np.where(strongest < from_first, largest(first), largest(second))
    share = weights[:, strongest] / limit
    widths = in_bytes(0.3 + 4 * np.minimum(np.abs(share), 1), 0, 4.3)
    colours = np.digitize(share, [-0.4, -0.05, 0.05, 0.4]).astype(np.uint8)
    looks = zip(widths.parts(), Moving(colours, lookup=EDGE_COLOURS).parts(), strict=True)

    chosen = np.concatenate(
        [np.flatnonzero(dataset.y == label)[:SAMPLES_OF_A_CLASS] for label in range(classes)]
    )
    X = dataset.X[:, chosen]
    passes = list(frames.activations(X))
    A1 = np.stack([p.A1[drawn_units].T for p in passes])  # [F×samples×units]
    A2 = np.stack([p.A2.T for p in passes])
    A0 = np.broadcast_to(X[drawn_inputs].T, (len(passes), len(chosen), len(drawn_inputs)))
    input_limit, hidden_limit = largest(X), largest(A1)

    traces: list[dict[str, Any]] = [
        dict(
            type="scatter",
            x=[layer, layer + 1],
            y=[start, end],
            mode="lines",
            line={"width": width, "color": colour},
            hoverinfo="skip",
        )
        for (layer, start, end), (width, colour) in zip(
            (ends[edge] for edge in strongest), looks, strict=True
        )
    ]
    layers = [
        (
            0,
            in_bytes(A0, -input_limit, input_limit, by_choice=True),
            [dataset.feature_names[i] for i in drawn_inputs],
            "A⁰",
            "coloraxis",
        ),
        (
            1,
            in_bytes(A1, 0, hidden_limit, by_choice=True),
            [f"unit {i + 1}" for i in drawn_units],
            "A¹",
            "coloraxis2",
        ),
        (
            2,
            in_bytes(A2, 0, 1, by_choice=True),
            list(dataset.class_names),
            "A²",
            "coloraxis3",
        ),
    ]
    for layer, values, names, symbol, colours_of in layers:
        traces.append(
            dict(
                type="scatter",
                x=np.full(len(names), layer),
                y=heights[layer][: len(names)],
                mode="markers+text" if layer != 1 else "markers",
                text=plotly_texts(names, most=9),
                textposition="middle left" if layer == 0 else "middle right",
                textfont={"size": 10},
                customdata=plotly_texts(names),
                marker={
                    "size": 14 if len(names) <= 12 else 10,
                    "color": values,
                    "coloraxis": colours_of,
                    "line": {"width": 1, "color": NEUTRAL},
                },
                cliponaxis=False,
                meta=linked("points", drawn_units) if layer == 1 else None,
                hovertemplate=f"%{{customdata}}<br>{symbol} = %{{marker.color:.3f}}<extra></extra>",
            )
        )
    traces.append(
        dict(
            type="scatter",
            x=[0, 1],
            y=[heights[0][-1], heights[1][-1]],
            mode="markers+text",
            text=["1", "1"],
            textfont={"size": 9},
            marker={"size": 14, "color": "rgba(127,127,127,0.25)", "symbol": "square"},
            hovertemplate="the constant 1 that the biases weigh<extra></extra>",
        )
    )
    figure, updates = animated(
        traces,
        layout(
            uirevision=f"diagram {inputs} {units} {classes}",
            margin={"l": 8, "r": 8, "t": 6, "b": 22},
            xaxis=axis(
                range=[-0.75, 2.75],
                tickvals=[0, 1, 2],
                ticktext=["input A⁰", "hidden A¹", "output A²"],
                showgrid=False,
                fixedrange=True,
            ),
            yaxis=axis(visible=False, range=[-0.05, 1.05], fixedrange=True),
            **colour_axis("coloraxis", -input_limit, input_limit),
            **colour_axis("coloraxis2", 0, hidden_limit),
            coloraxis3={"cmin": 0, "cmax": 1, "showscale": False},
        ),
    )
    return Picture(
        name="diagram",
        lags=True,
        title="Network",
        how_to_read="Line: a weight, blue positive, red negative. Node: the chosen sample's "
        "activation. Square: the 1 that biases weigh.",
        alt="The network as a diagram, lines by weight and nodes by one sample's activations.",
        figure=figure,
        updates=updates,
        choices=(
            tuple(
                f"{dataset.class_names[dataset.y[sample]]}, sample {sample}" for sample in chosen
            ),
        ),
        note=reduced(
            [
                (len(drawn_inputs), inputs, "inputs"),
                (len(drawn_units), units, "hidden units"),
                (len(strongest), weights.shape[1], "lines, the strongest"),
            ]
        ),
    )


def _column(count: int) -> Array:
    """Heights of a layer's nodes, from the top."""
    return 1 - (np.arange(count) + 0.5) / count
