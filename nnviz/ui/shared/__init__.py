"""What is computed once for all visitors, in turns."""
