"""Text from elsewhere in Streamlit's Markdown."""

from __future__ import annotations

import re


def markdown_text(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    # Of www.name, a@name and https://name it would make links, and of -> an arrow, escaped or not:
    # between their characters stands what joins words, and is not seen.
    apart = re.sub(r"(?i)(?<=www)(?=\.)|(?<=@)|(?<=:)(?=//)|(?<=[<>=~-])(?=[>=-])", "\u2060", text)
    escaped = re.sub(r"[\\`*_{}\[\]()<>#+!|~$:&-]", r"\\\g<0>", apart)
    return re.sub(r"(?m)^( *[0-9]+)\.", r"\1\\.", escaped)  # no list
