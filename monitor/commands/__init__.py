"""The commands of `vigie`: thin functions; people read French, machines stdout, logs go to stderr."""
