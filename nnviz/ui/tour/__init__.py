"""A tour of the pages: read from a file, followed by a session, shown in a bar at their foot."""
