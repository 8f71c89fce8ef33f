"""The address of what is on the screen, as a code that a room's phones can read."""

from __future__ import annotations

import io
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from nnviz.ui.shown_epoch import END, SHOWN

PIXELS = 12
"""Of a module of the code: it fills a projector's height."""

WIDTH = 460
"""Pixels of it on the page: as high as a projector's with a dialog around it."""

HERE = ("localhost", "127.0.0.1", "::1")
"""Names by which only this machine is reached."""


def offer_code() -> None:
    """Draw a button, and a key, that show the page's address as a code."""
    if st.button("QR code", shortcut="q", icon=":material/qr_code_2:", help="The page's address."):
        _show(address())


def address() -> str:
    """Of this page, with what the controls say, at the epoch seen: as the room is to see it."""
    says = {key: st.query_params.get_all(key) for key in st.query_params if key != "present"}
    epoch = st.session_state.get(SHOWN, END)
    if epoch != END:
        says["epoch"] = [str(epoch)]
    here = st.context.url or ""
    page = here if urlsplit(here).path else f"{here}/"
    return "?".join(filter(None, (page, urlencode(says, doseq=True))))


def code_of(text: str) -> bytes | None:
    """A QR code as PNG; None of a text that is too long for one."""
    try:
        code = segno.make_qr(text, error="m", boost_error=False)
    except segno.DataOverflowError:
        return None
    image = io.BytesIO()
    code.save(image, kind="png", scale=PIXELS, border=4)
    return image.getvalue()


@st.dialog("This page, on your own screen", width="large")
def _show(text: str) -> None:
    image = code_of(text)
    if image is None:
        st.warning("The address is too long for a code.")
    else:
        with st.container(horizontal_alignment="center"):
            st.image(image, width=WIDTH)
    st.code(text, language=None, wrap_lines=True)
    if urlsplit(text).hostname in HERE:
        st.info(
            "This address is of this machine alone. For others, open nnviz by the machine's own "
            "name or number in their network, and show the code there."
        )
