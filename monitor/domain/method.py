"""Which version of the method stands behind a figure: one number for docs/method.md as a whole."""

METHOD = 1
