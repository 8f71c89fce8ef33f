"""The pictures of each page, put together; one module per page."""
