"""One step worked out by hand: every number of it, its check, and a program that repeats it."""
