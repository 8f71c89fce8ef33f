"""The entry: ``streamlit run app.py`` serves the lab and the files that its player needs."""

from pathlib import Path

import streamlit as st

from nnviz.player.assets import ROUTES
from nnviz.ui import server

app = st.App(
    Path(server.__file__).with_name("main.py"),
    routes=ROUTES,
    middleware=server.middleware(),
    lifespan=server.lifespan,
)
