"""Keeps cold days: one Parquet file for each day of Paris, written once its day is over and read without being loaded.

Nothing is imported here: where the files are is asked by programs that have no use for pyarrow (some 100 MB).
"""
