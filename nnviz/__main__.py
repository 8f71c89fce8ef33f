"""``python -m nnviz``: the command line."""

from nnviz.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
