"""The entry: ``streamlit run app.py`` serves the lab and the files that its player needs."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from nnviz.player.assets import ROUTES
from nnviz.ui import server
from nnviz.ui.border import Border

app = st.App(
    Path(server.__file__).with_name("main.py"),
    routes=ROUTES,
    middleware=[Middleware(Border)],
    lifespan=server.lifespan,
)
