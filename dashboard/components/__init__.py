"""Pure pieces of pages: value → html."""
