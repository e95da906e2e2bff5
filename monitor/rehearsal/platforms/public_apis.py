"""Public addresses with a standard or published answer, known by their path whatever the profile calls them."""

from monitor.rehearsal.manner import Asked, Manner
from monitor.rehearsal.page import Page, as_json


class PublicApi(Manner):
    """Statuspage, Matrix, Pix, Opendatasoft, the Skolengo application's interface; else what the probe expects."""

    def well(self, asked: Asked) -> Page:
        """The answer of that path."""
        path = asked.path
        if path.endswith("/api/v2/status.json"):
            page = {"id": "fictif", "name": "Statut", "url": asked.origin}
            return as_json({"page": page, "status": {"indicator": "none", "description": "All Systems Operational"}})
        if path == "/_matrix/client/versions":
            return as_json({"versions": ["v1.1", "v1.11"], "unstable_features": {}})
        if path == "/api":
            return as_json({"name": "pix-api", "version": "5.0.0", "environment": "production"})
        if "/catalog/datasets/" in path:
            return as_json({"dataset_id": path.rsplit("/", 1)[-1], "has_records": True})
        if path.endswith("/sko-app-configs/current"):
            attributes = {"deployedVersion": "4.0.0", "version": "4.0.0"}
            return as_json({"data": {"id": "current", "type": "skoAppConfig", "attributes": attributes}})
        return super().well(asked)
