"""Names of people and of services in a figure: Plotly takes some HTML in every text, which nobody of ours writes."""


def plain(text: str) -> str:
    """A text without what could be read as markup."""
    return "".join(char for char in text if char not in "<>&")


def short(name: str, most: int = 26) -> str:
    """A name that leaves room for the figure on a telephone."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
