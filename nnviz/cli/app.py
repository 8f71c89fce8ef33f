"""``nnviz app``: the page, started as ``streamlit run app.py`` starts it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def entry() -> Path:
    """Where ``app.py`` is: in an installed package, or beside the package in the project.

    Streamlit reads the settings that stand in ``.streamlit`` beside it, whatever folder it is
    started in.
    """
    places = (PACKAGE / "entry" / "app.py", PACKAGE.parent / "app.py")
    return next(path for path in places if path.exists())


def add_app(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those of the command line."""
    commands.add_parser(
        "app",
        allow_abbrev=False,
        help="start the page (also without any command)",
        description="Start the page. All further options go to Streamlit.",
        usage="%(prog)s [--help] [option of streamlit run ...]",
        epilog="example: nnviz app --server.port=8502 --server.address=127.0.0.1; "
        "streamlit run --help names all options",
    )


def start_app(options: Sequence[str]) -> None:
    """Serve the page until it is stopped.

    Parameters
    ----------
    options : sequence of str
        What ``streamlit run`` takes, as ``--server.port=8502``.
    """
    from streamlit.web.cli import main  # seconds, which the other commands do without

    main(["run", str(entry()), *options], prog_name="streamlit")
