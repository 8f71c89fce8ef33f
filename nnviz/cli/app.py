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
    app = commands.add_parser(
        "app",
        allow_abbrev=False,
        help="start the page (also without any command)",
        description="Start the page. All further options go to Streamlit.",
        usage="%(prog)s [--help] [--tour FILE] [option of streamlit run ...]",
        epilog="example: nnviz app --server.port=8502 --server.address=127.0.0.1; "
        "streamlit run --help names all options",
    )
    app.add_argument(
        "--tour",
        metavar="FILE",
        type=Path,
        help="a tour of your own, in TOML, in place of the built-in one "
        "(nnviz/ui/content/tour.toml is an example; also by NNVIZ_TOUR)",
    )


def start_app(options: Sequence[str], tour: Path | None = None) -> None:
    """Serve the page until it is stopped.

    Parameters
    ----------
    options : sequence of str
        What ``streamlit run`` takes, as ``--server.port=8502``.
    tour : Path or None
        A file with a tour, which the page reads.
    """
    from streamlit.web.cli import main  # seconds, which the other commands do without

    for_page = ["--", "--tour", str(tour.resolve())] if tour else []
    main(["run", str(entry()), *options, *for_page], prog_name="streamlit")
