"""The read side: what screens, the command line and exports ask of the measures."""
