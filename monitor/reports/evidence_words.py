"""The French words of an evidence sheet, for the command and for the screens: steps, signs, where answers came from."""

from collections.abc import Mapping

from monitor.domain.account import Where
from monitor.domain.observation import Stage
from monitor.domain.saturation import Sign

STAGES: Mapping[Stage, str] = {
    Stage.OURS: "de notre fait",
    Stage.RESOLVE: "nom (DNS)",
    Stage.CONNECT: "connexion",
    Stage.TLS: "chiffrement (TLS)",
    Stage.EXCHANGE: "échange",
    Stage.CONTENT: "contenu de la page",
}
SIGNS: Mapping[Sign, str] = {
    Sign.LATENCY_RAMP: "réponses de plus en plus lentes dans l’heure d’avant",
    Sign.WAITING_ROOM: "page d’attente",
    Sign.TURNED_AWAY: "refus pour cause de charge (503 ou 429)",
    Sign.PARTIAL_SUCCESS: "une partie des demandes aboutissait",
    Sign.START_OF_CLASS: "début à l’heure d’un début de cours",
    Sign.LUNCH_RELIEF: "répit à l’heure du déjeuner",
    Sign.RELAPSE_AFTER: "rechute après le déjeuner",
}
PLACES: Mapping[Where, str] = {
    Where.VANTAGE: "Points de mesure",
    Where.ADDRESS: "Adresses",
    Where.FINAL_HOST: "Hôtes finaux",
    Where.STATUS: "Statuts HTTP",
    Where.CATALOGUE: "Catalogues",
}
