"""How figures are written in the language that is spoken."""

from dashboard.tongue import FRENCH, spoken

APART = "\u202f"  # between thousands, in French


def decimals(value: float, digits: int) -> str:
    """``97,42`` or ``97.42``."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if spoken() == FRENCH else text


def grouped(count: int, apart: str = APART) -> str:
    """``1 234 567``, with `apart` between thousands in French; ``1,234,567``."""
    text = f"{count:,}"
    return text.replace(",", apart) if spoken() == FRENCH else text
