"""What the player is sent of each page: a module a page, and what their messages share."""
