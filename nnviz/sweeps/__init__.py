"""Many runs over a grid of settings, on all processors."""
