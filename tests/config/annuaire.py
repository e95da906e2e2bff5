"""Records of `fr-en-annuaire-education` as the portal writes them, made up."""

import csv
import io
import json

from monitor.config.uai import uai_check_letter

# Titles of the CSV export with its labels (the order of the portal, most columns left out), and keys of the API.
TITLES = {
    "Identifiant_de_l_etablissement": "identifiant_de_l_etablissement",
    "Nom_etablissement": "nom_etablissement",
    "Type_etablissement": "type_etablissement",
    "Statut_public_prive": "statut_public_prive",
    "Adresse_1": "adresse_1",
    "Code_postal": "code_postal",
    "Nom_commune": "nom_commune",
    "Code_departement": "code_departement",
    "Code_academie": "code_academie",
    "Nombre_d_eleves": "nombre_d_eleves",
    "Libelle_academie": "libelle_academie",
    "date_maj_ligne": "date_maj_ligne",
    "etat": "etat",
}


def uai(number: int, prefix: str = "059") -> str:
    digits = f"{prefix}{number:04}"
    return digits + uai_check_letter(digits)


def record(number: int = 1, prefix: str = "059", **given: object) -> dict[str, object]:
    return {
        "identifiant_de_l_etablissement": uai(number, prefix),
        "nom_etablissement": f"Ecole primaire {number}",
        "type_etablissement": "Ecole",
        "statut_public_prive": "Public",
        "adresse_1": "1 rue de l’École",
        "code_postal": "59000",
        "nom_commune": "Lille",
        "code_departement": "059",
        "code_academie": "09",
        "nombre_d_eleves": 100,
        "libelle_academie": "Lille",
        "date_maj_ligne": "2026-11-15",
        "etat": "OUVERT",
        **given,
    }


def as_json(records: list[dict[str, object]]) -> str:
    return json.dumps(records, ensure_ascii=False)


def as_csv(records: list[dict[str, object]], *, labels: bool = False, separator: str = ";") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(TITLES if labels else TITLES.values())
    for one in records:
        writer.writerow(["" if one[key] is None else one[key] for key in TITLES.values()])
    return out.getvalue()
