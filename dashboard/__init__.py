"""Vigie's screens: the public page and the Dash application."""
