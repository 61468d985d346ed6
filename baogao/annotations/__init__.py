"""Work on annotation files: check them against the guidelines, measure agreement, show and count them."""
