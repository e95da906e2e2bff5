"""The page for everybody: plain HTML, no JavaScript needed, and the JSON beside it."""
