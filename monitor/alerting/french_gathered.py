"""The French words of a message that stands for several."""

from monitor.alerting.gathered_words import GatheredWords
from monitor.domain.reason import Reason

FRENCH_GATHERED = GatheredWords(
    marks={
        Reason.OPENED: "{count} INCIDENTS",
        Reason.WORSENED: "{count} INCIDENTS (aggravation)",
        Reason.SPREAD: "{count} INCIDENTS (extension)",
        Reason.EXPLAINED: "{count} INCIDENTS (éléments nouveaux)",
        Reason.EASED: "RÉPONDENT DE NOUVEAU ({count} incidents)",
        Reason.RELAPSED: "{count} INCIDENTS (rechute)",
        Reason.STILL_OPEN: "{count} INCIDENTS (toujours)",
        Reason.MERGED: "{count} INCIDENTS (regroupés)",
        Reason.CLOSED: "RÉTABLIS ({count} incidents)",
    },
    lead="{count} incidents dans un même message. Ils sont annoncés ensemble, ce qui ne dit rien d’une cause commune.",
    again="{title} (déjà annoncé)",
    more=("et {count} autre incident", "et {count} autres incidents"),
    page="Suivi des incidents : {page}",
    past="{service} : {state} de {start} à {end} — {outcome}.",
    past_days="{service} : {state} du {start_day} à {start} au {end_day} à {end} — {outcome}.",
    outcomes={
        Reason.EASED: ("répond de nouveau", "répondent de nouveau"),
        Reason.MERGED: ("suivi depuis avec un incident plus large",) * 2,
        Reason.CLOSED: ("rétabli", "rétablis"),
    },
    withdrawn="plus suivi par Vigie, sans rétablissement mesuré",
    late="Ce message n’a pas pu vous parvenir plus tôt.",
    from_to="de {start} à {end}",
    from_to_days="du {start_day} au {end_day}",
)
