"""The message of each page, one module per page, and what they share."""
