"""The pictures of each page, put together; a module a page."""
