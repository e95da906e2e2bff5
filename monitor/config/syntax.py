"""What PyYAML found wrong with a text, said in French with its mend."""

import yaml

_CLOSE = "fermez « { » par « } » et « [ » par « ] »"
_SPACES = "indentez avec des espaces, jamais avec des tabulations"
_QUOTES = "mettez le texte entre guillemets"
_AROUND = "vérifiez l’indentation, les guillemets et les accolades de cette ligne et de la précédente"

# Parts of PyYAML's own words → what is wrong, the mend.
_KNOWN = (
    ("tab character", "tabulation interdite", _SPACES),
    ("cannot start any token", "caractère interdit à cet endroit (tabulation, @, %, `)", f"{_SPACES} ; ou {_QUOTES}"),
    ("mapping values are not allowed", "« : » inattendu", f"{_QUOTES}, ou corrigez l’indentation"),
    ("could not find expected ':'", "« : » manquant après une clé", "écrivez « clé: valeur »"),
    ("did not find expected ',' or", "accolade ou crochet mal fermé, ou virgule manquante", _CLOSE),
    ("did not find expected node content", "accolade ou crochet mal fermé, ou valeur manquante", _CLOSE),
    ("unexpected end of stream", "guillemet jamais fermé", "fermez-le"),
    (
        "unknown escape character",
        "barre oblique inverse entre guillemets doubles",
        "employez des guillemets simples : '…'",
    ),
    ("did not find expected '-'", "« - » attendu : la liste n’est pas alignée", "alignez les éléments et leurs clés"),
    ("did not find expected key", "clé attendue", _AROUND),
    ("undefined alias", "alias YAML inconnu", "mettez entre guillemets le texte qui commence par « * »"),
    ("another document", "le fichier contient plusieurs documents YAML", "retirez la ligne « --- »"),
)


def syntax_fault(error: yaml.YAMLError) -> tuple[int | None, str, str]:
    """Line (from 1, None where PyYAML gives none), what is wrong (with its column), and the mend."""
    words = str(getattr(error, "problem", ""))
    what, mend = next(((what, mend) for part, what, mend in _KNOWN if part in words), ("forme inattendue", _AROUND))
    found, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if found is None:
        return None, f"YAML illisible : {what}", mend
    since = f" (commencé ligne {opened.line + 1})" if opened and opened.line != found.line else ""
    return found.line + 1, f"YAML illisible : {what}{since}, colonne {found.column + 1}", mend
