"""Reads the catalogue. pydantic and PyYAML stay in this room; what leaves it are plain values of the domain."""

from monitor.config.load import Config, default_path, load
from monitor.config.problem import CatalogInvalid, Problem
from monitor.config.territories import load_territories
from monitor.config.uai import uai_check_letter

__all__ = ["CatalogInvalid", "Config", "Problem", "default_path", "load", "load_territories", "uai_check_letter"]
