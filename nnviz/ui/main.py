"""The app's script: Streamlit runs it for every visitor, at every change of a control."""

import streamlit as st

from nnviz.ui.assets import STATIC
from nnviz.ui.pages.train import train_page

st.set_page_config(page_title="nnviz", page_icon=str(STATIC / "icon.svg"), layout="wide")
st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "icon.svg"))
st.navigation(
    [st.Page(train_page, title="Train", icon=":material/model_training:", default=True)],
    position="top",
).run()
