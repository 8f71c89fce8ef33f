"""The app's script: Streamlit runs it for every visitor, at every change of a control."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from nnviz.data.datasets import DatasetError
from nnviz.runs.spec import RunSpec, StartingParameters
from nnviz.ui.address import follow_address
from nnviz.ui.component import is_presenting
from nnviz.ui.controls.drawing import sidebar
from nnviz.ui.controls.translation import default_spec
from nnviz.ui.markdown import markdown_text
from nnviz.ui.parts import around
from nnviz.ui.shared.runs import data_of
from nnviz.ui.shown_epoch import keep_on_page
from nnviz.ui.state import LAST_SPEC, OWN_DATA, START_FROM
from nnviz.ui.tour.bar import show_bar
from nnviz.ui.tour.following import follow_tour, on_tour
from nnviz.ui.views.approximation import approximation_page
from nnviz.ui.views.code import offer_code
from nnviz.ui.views.compare import compare_page, pin_button
from nnviz.ui.views.explore import explore_page
from nnviz.ui.views.learn import learn_page
from nnviz.ui.views.no_data import no_data
from nnviz.ui.views.own_data import OwnData, own_data_page
from nnviz.ui.views.step import step_page
from nnviz.ui.views.train import train_page

CONTENT = Path(__file__).parent / "content"


def asked() -> RunSpec:
    """The run that the controls ask for; the last that could be trained, if this one cannot be.

    Without the visitor's own data, where they are asked for, there is no other to be shown.
    """
    follow_address()
    brought: OwnData | None = st.session_state.get(OWN_DATA)
    spec: RunSpec = sidebar(brought.samples if brought else None)
    if spec.lacks_data:
        return spec
    try:
        data_of(spec)
    except DatasetError as error:
        st.sidebar.error(f"{markdown_text(str(error))}. The last good run is still shown.")
        spec = st.session_state.get(LAST_SPEC, default_spec())
    st.session_state[LAST_SPEC] = spec
    return spec


def started(spec: RunSpec) -> RunSpec:
    """The run from the parameters that the visitor edited, while it is of the same shape."""
    start: StartingParameters | None = st.session_state.get(START_FROM)
    if start is None or spec.lacks_data:
        return spec
    data, units = data_of(spec), spec.config.hidden_units
    inputs, classes = data.X.shape[0], len(data.class_names)
    if start.shapes != ((units, inputs), (units, 1), (classes, units), (classes, 1)):
        del st.session_state[START_FROM]
        return spec
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Training continues from {start.said}. The address cannot hold these parameters.")
        st.button(
            "Back to the drawn weights", on_click=st.session_state.pop, args=(START_FROM, None)
        )
    return replace(spec, start=start)


def train() -> None:
    """Show the Train page."""
    train_page(spec, pages)


def approximation() -> None:
    """Show the Approximation page."""
    approximation_page(spec, pages)


def step() -> None:
    """Show the Step page."""
    step_page(spec, pages)


def compare() -> None:
    """Show the Compare page."""
    compare_page(spec)


def data() -> None:
    """Show the Data page."""
    own_data_page(spec, pages)


def explore() -> None:
    """Show the Explore page."""
    explore_page(spec, pages)


def learn() -> None:
    """Show the Learn page."""
    learn_page(pages)


is_presented = is_presenting() or "present" in st.query_params
st.set_page_config(
    page_title="nnviz",
    page_icon=str(CONTENT / "icon.svg"),
    layout="wide",
    # Also in later runs: when the page is told otherwise, it opens the sidebar.
    initial_sidebar_state="collapsed" if is_presented else "auto",
)
st.logo(str(CONTENT / "logo.svg"), icon_image=str(CONTENT / "icon.svg"))
pages = {
    "train": st.Page(train, title="Train", icon=":material/model_training:", default=True),
    "approximation": st.Page(approximation, title="Approximation", icon=":material/difference:"),
    "step": st.Page(step, title="Step", icon=":material/calculate:"),
    "explore": st.Page(explore, title="Explore", icon=":material/grid_on:"),
    "compare": st.Page(compare, title="Compare", icon=":material/compare:"),
    "data": st.Page(data, title="Data", icon=":material/table:"),
    "learn": st.Page(learn, title="Learn", icon=":material/school:"),
}
# A presenter's clicker turns the tour's pages: the room sees one picture.
alone = is_presented and on_tour()
page = st.navigation(list(pages.values()), position="hidden" if alone else "top")
follow_tour(pages, page)
keep_on_page(page.title)
# Here and not in a page: so that moving to another page keeps the controls, and the run.
spec = started(asked())
pin_button(spec)
if spec.lacks_data and page in [pages[n] for n in ("approximation", "step", "explore", "compare")]:
    no_data(pages)
else:
    page.run()
if is_presenting():
    with around("code"):
        offer_code()
show_bar(pages, page)
