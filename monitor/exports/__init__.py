"""Files of data for people and machines: what each column is, one writer a format, and what is written beside them."""
