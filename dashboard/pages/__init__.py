"""Pages of the Dash application."""
