"""`VIGIE_SEND_RATES`: how many messages a gateway may be handed, ``smtp.example.org=10/s,hooks.example.org=30/min``."""

import math
import re

_UNITS = {"s": 1, "min": 60, "h": 3600}
# Host, with a scheme before and a port behind it if need be; a count; a unit.
_ENTRY = re.compile(
    r"(?P<gateway>(?:[a-z][a-z0-9]*://)?(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?)"
    r"\s*=\s*(?P<count>\d{1,6}(?:\.\d{1,3})?)\s*/\s*(?P<unit>s|min|h)"
)
_FASTEST = 1000  # a second: beyond what any gateway takes


def read_rates(text: str) -> dict[str, float]:
    """Messages a second by gateway. Raises ValueError with every fault at once, in French; it repeats no entry."""
    rates: dict[str, float] = {}
    faults = []
    for place, part in enumerate((one.strip() for one in text.split(",")), 1):
        if not part:
            continue
        found = _ENTRY.fullmatch(part.lower())
        rate = float(found["count"]) / _UNITS[found["unit"]] if found else math.nan
        if found is None:
            faults.append(f"élément {place}\u00a0: écrivez hôte=nombre/s, hôte=nombre/min ou hôte=nombre/h")
        elif not 0 < rate <= _FASTEST:
            faults.append(f"élément {place}\u00a0: écrivez un débit au-dessus de 0 et d’au plus {_FASTEST}/s")
        elif found["gateway"].replace("[", "").replace("]", "") in rates:
            faults.append(f"élément {place}\u00a0: cet hôte a déjà un débit")
        else:
            rates[found["gateway"].replace("[", "").replace("]", "")] = rate
    if faults:
        raise ValueError("\u00a0; ".join(faults))
    return rates
