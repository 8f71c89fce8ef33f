"""What plays pictures in a browser, with a server behind it or without."""
