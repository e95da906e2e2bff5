"""The bulletin: the snapshot of one moment as the bytes that everybody is served."""

import json
from dataclasses import replace

from monitor.domain.catalog import Catalog
from monitor.domain.evaluation import Country
from monitor.domain.rollup import Ground
from monitor.domain.snapshot import Press, build_snapshot, document


def bulletin(press: Press, country: Country, catalog: Catalog, ground: Ground) -> bytes:
    """What `/api/v1/status` serves: the snapshot as JSON."""
    probes = (probe for service in catalog.services.values() if not service.confirmed for probe in service.probes)
    never_seen = tuple(probe.id for probe in probes if not country.verdicts[probe.id].seen_working)
    press = replace(press, never_seen=never_seen)
    snapshot = build_snapshot(ground, country.services, country.incidents, press)
    return json.dumps(document(snapshot, catalog, ground), ensure_ascii=False, separators=(",", ":")).encode()
