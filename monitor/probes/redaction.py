"""What must not be kept of a text: addresses, numbers, passwords and tokens, and whatever is named like one of them.

Each expression is linear in the length of the text: what may repeat is possessive, and a word is tried at its beginning
only.
"""

import re

GONE = "[…]"

_VALUE = r"(?:\"[^\"]{0,200}\"|'[^']{0,200}'|«[^»]{0,200}»|\S+)"
_SAYS = r"[\"'’»)\]]{0,2} ?(?:[=:]|=>|:=) ?" + _VALUE
# Part of a word (access_token, jetonCAS), then parts that stand between other signs than letters (session_id, x-key).
_INSIDE = (
    r"(?:token|jeton|ticket|sess(?:ion|id)|passw|mots?_?de_?passe|mdp|pwd|secret|[cx]srf|nonce|auth|cookie|signature|"
    r"credential|key)"
)
_APART = (
    r"(?<![^\W\d_])(?:cl[ée]|clef|code|s?id|uid|uuid|guid|pin|otp|user|login|identifiant|e?mail|courriel|nom|pr[ée]nom|"
    r"t[ée]l|t[ée]l[ée]phone|ine|nir|nss|iban|matricule|ip)(?![^\W\d_])"
)
_GROUP = r"[\s./:,()+_\u2010-\u2015-]{1,3}+"  # what stands between the digits of a telephone or a date

_REDACTED = tuple(
    re.compile(pattern)
    for pattern in (
        r"[?&#;][^\s?&#;]*=\S*",  # the query of an address
        r"(?<![^\s@])[^\s@]*+@\S*",
        r"(?i)(?<![\w.+-])[\w.+-]++ ?[(\[{<] ?(?:at|à|chez|arobase) ?[)\]}>] ?[\w.-]*+",
        r"(?i)\bmots? de passe(?: [\w’'-]{1,20}+){0,3}" + _SAYS,
        r"(?i)\bcode d[’'](?:acc[èe]s|activation)" + _SAYS,
        rf"(?i)(?<![\w.-])(?=[\w.-]*?(?:{_INSIDE}|{_APART}))[\w.-]++{_SAYS}",
        r"(?i)(?<!\w)(?:ine|nir|nss)[ :=#]{0,3}+(?=\S*\d)\S+",
        r"(?i)\bn[ée](?:e|\(e\))? le \S+(?: \S+ \d{4})?",
        r"(?:%[0-9A-Fa-f]{2}){3}\S*",
        r"\beyJ[\w-]*+(?:\.[\w-]*+)*+",  # a JWT
        r"(?i)(?<![\w:])(?:[0-9a-f]{0,4}:){2,}+[0-9a-f]*+(?:\.\d{1,3}){0,3}(?:%\w+)?",  # IPv6
        rf"(?<!\d)\+?\d++(?:{_GROUP}\d++){{2,}}",  # telephones, dates, IPv4, numbers of the social security
        r"[A-Za-z0-9+/_=%~-]{20,}",
        r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d])[\w-]{6,}",  # letters and digits in one word
        r"(?<![A-Z0-9-])[A-Z0-9]{2,}+(?:-[A-Z0-9]{2,}+){2,}",  # ABCD-EFGH-IJKL
        r"\d{6,}",
    )
)


def redacted(text: str) -> str:
    """`text`, whose white space is single blanks, with what must not be kept replaced by `GONE`."""
    for pattern in _REDACTED:
        text = pattern.sub(GONE, text)
    return text
