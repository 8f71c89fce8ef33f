"""Text from elsewhere in Streamlit's Markdown."""

from __future__ import annotations

import re

_APART = re.compile(
    r"(?<=www)(?=\.)|(?<=@)|(?<=:)(?=//)"  # what links begin with
    r"|(?<=:)(?=[\w+/-]+:)"  # :smile:, :material/home:, :streamlit:
    r"|(?<=[<>=~-])(?=[>=-])",  # arrows, dashes, and signs of comparison
    re.IGNORECASE,
)
"""Where Streamlit makes something else of plain text, also where that is escaped: it looks for
these in the text that Markdown has left."""


def markdown_text(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is.

    Between characters that it would still make something of stands a word joiner, which is not
    seen; whoever copies such a text copies it, too. Lines and runs of blanks become one blank, as
    a browser shows them: at the beginning of a line, they would mean something.
    """
    apart = _APART.sub("\u2060", re.sub(r"[ \t\r\n\f\v]+", " ", text))
    escaped = re.sub(r"[\\`*_{}\[\]()<>#+!|~$:&=-]", r"\\\g<0>", apart)
    return re.sub(r"^( ?[0-9]+)\.", r"\1\\.", escaped)  # no list
