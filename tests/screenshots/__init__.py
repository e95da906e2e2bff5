"""`make screenshots`: a picture of every public page and of every view of `/carte/`, to be looked at."""
