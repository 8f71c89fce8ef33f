"""The entry: ``streamlit run app.py`` serves the lab and the files that its player needs."""

import streamlit as st

from nnviz.player.assets import ROUTES
from nnviz.ui.server import lifespan

app = st.App("nnviz/ui/main.py", routes=ROUTES, lifespan=lifespan)
