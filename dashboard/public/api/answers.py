"""What each address answers: the named shapes put together."""

from collections.abc import Mapping

from dashboard.public.api.shapes import Shape, count, instant, many, maybe, ref, text, thing


def page_of(name: str, of: str) -> Shape:
    """One page of a list."""
    needed = {
        "at": instant("L’instant de l’instantané"),
        "page": count(),
        "pages": count(),
        "per_page": count(),
        "total": count(),
    }
    return thing({**needed, name: many(ref(of))})


ANSWERS: Mapping[str, Shape] = {
    "Services": page_of("services", "Service"),
    "Territories": page_of("territories", "Territory"),
    "Incidents": page_of("incidents", "Incident"),
    "OneService": thing({"at": instant(), "service": ref("Service"), "incidents": many(ref("Incident"))}),
    "OneTerritory": thing(
        {
            "at": instant(),
            "territory": ref("Territory"),
            "services": many(ref("Service")),
            "incidents": many(ref("Incident")),
        }
    ),
    "OneIncident": thing({"at": instant(), "incident": ref("Incident")}),
    "Availability": thing(
        {
            "service": maybe(text()),
            "territory": maybe(text()),
            "from": instant(),
            "to": instant(),
            "figures": many(ref("Figure")),
        }
    ),
    "Observations": thing(
        {
            "service": text(),
            "from": instant(),
            "to": instant(),
            "observations": many(ref("Observation")),
            "next": maybe(text("À rendre comme «\u00a0cursor\u00a0» pour lire plus loin\u00a0; null à la fin")),
        }
    ),
    "Seals": thing({"version": count(), "seals": many(ref("Seal"))}),
}
