"""The printable report of a service or a territory: figures, sentences, one HTML file that needs nothing else."""
