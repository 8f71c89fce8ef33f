"""Helpers: workers that compute for the pages what these cannot be shown without for long.

Apart from those of the sweeps, which step back behind the pages.
"""

from __future__ import annotations

import joblib

from nnviz.sweeps.pool import Pool

HELPERS = Pool(max(1, joblib.cpu_count() - 1))
"""One processor is left to the server itself."""
