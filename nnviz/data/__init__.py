"""What is trained on: the data sets, or a table that a visitor brings."""
