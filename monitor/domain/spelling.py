"""Names as people type them, compared without case, accents or punctuation."""

import re
import unicodedata


def plain(text: str) -> str:
    """A name in small letters, without accents, its words parted by a space: ``L’Haÿ-Roses`` → ``l hay roses``."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", bare.casefold()))
