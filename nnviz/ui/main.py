"""The app's script: Streamlit runs it for every visitor, at every change of a control."""

import streamlit as st

from nnviz.datasets import DatasetError
from nnviz.ui.address import follow_address
from nnviz.ui.assets import STATIC
from nnviz.ui.controls import controls, default_settings, markdown_text
from nnviz.ui.player import open_at_shown_epoch
from nnviz.ui.runs import Settings
from nnviz.ui.state import LAST_SETTINGS
from nnviz.ui.views.approximation import approximation_page
from nnviz.ui.views.train import train_page


def settings() -> Settings:
    """The run that the controls ask for; the last that could be trained, if this one cannot be."""
    follow_address()
    wanted: Settings = controls()
    try:
        wanted.load()
    except DatasetError as error:
        st.sidebar.error(f"{markdown_text(str(error))}. The last good run is still shown.")
        wanted = st.session_state.get(LAST_SETTINGS, default_settings())
    st.session_state[LAST_SETTINGS] = wanted
    return wanted


def train() -> None:
    """Show the Train page."""
    train_page(wanted)


def approximation() -> None:
    """Show the Approximation page."""
    approximation_page(wanted, pages)


st.set_page_config(page_title="nnviz", page_icon=str(STATIC / "icon.svg"), layout="wide")
st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "icon.svg"))
pages = {
    "train": st.Page(train, title="Train", icon=":material/model_training:", default=True),
    "approximation": st.Page(approximation, title="Approximation", icon=":material/difference:"),
}
page = st.navigation(list(pages.values()), position="top")
open_at_shown_epoch(page.title)
# Here and not in a page: so that moving to another page keeps the controls, and the run.
wanted = settings()
page.run()
