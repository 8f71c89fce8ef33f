"""Where the approximations (15) and (16) of the softmax gradient hold, and where they do not."""
