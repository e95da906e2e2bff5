"""The French words for several services at once: what fails together, never why."""

from monitor.alerting.group_words import GroupWords

FRENCH_GROUPS = GroupWords(
    subjects={
        "operator": ("{count} service exploité par {name}", "{count} services exploités par {name}"),
        "platform": ("{count} service de la plateforme {name}", "{count} services de la plateforme {name}"),
        "hoster": (
            "{count} service déclaré comme hébergé chez {name}",
            "{count} services déclarés comme hébergés chez {name}",
        ),
        "network": ("{count} service du réseau {name}", "{count} services du réseau {name}"),
        "zone": ("{count} service du domaine {name}", "{count} services du domaine {name}"),
        "issuer": (
            "{count} service dont le certificat est émis par {name}",
            "{count} services dont le certificat est émis par {name}",
        ),
    },
    points={
        "operator": "l’exploitant {name}",
        "platform": "la plateforme {name}",
        "hoster": "l’hébergeur déclaré {name}",
        "network": "le réseau {name}",
        "zone": "le domaine {name}",
        "issuer": "l’autorité de certification {name}",
        "service": "le service {name}",
        "vantage": "le point de mesure {name}",
    },
    any_subject=("{count} service", "{count} services"),
    with_dependants=("{name} et {count} service qui en dépend", "{name} et {count} services qui en dépendent"),
    dependants=("{count} service qui s’appuie sur {name}", "{count} services qui s’appuient sur {name}"),
    title=("{name} : {count} service", "{name} : {count} services"),
    title_with_dependants=("{name} et {count} service", "{name} et {count} services"),
    title_names={
        "platform": "plateforme {name}",
        "hoster": "hébergeur {name}",
        "network": "réseau {name}",
        "zone": "domaine {name}",
        "issuer": "certificats {name}",
    },
    touched="sont touchés ({states})",
    separator=" ; ",
    joined="Incident rejoint : {incident}, depuis le {day} à {clock} (heure de Paris).",
    watched="Sous surveillance jusqu’au {day} à {clock} (heure de Paris).",
    relapsed="Rechute : le {day} à {clock} (heure de Paris){local}.",
    inside="{unwell} sur {all} touchés à l’intérieur",
    outside="{unwell} sur {all} ailleurs",
    nothing_outside="rien d’autre n’est mesuré",
    point="Point commun : {point}.",
    explained="Ce point commun explique l’incident mieux que le hasard : {counts}.",
    undecided="Au même moment : {counts}. Vigie ne peut ni le retenir ni l’écarter.",
    ruled_out=("Écarté par ce qui répond encore : {points}.", "Écartés par ce qui répond encore : {points}."),
    ruled_out_one="{point} ({unwell} sur {all} touchés)",
    undeclared="Ni déclaré ni observé pour tous ces services, Vigie ne peut pas en juger : {kinds}.",
    undeclared_kinds={
        "operator": "l’exploitant",
        "platform": "la plateforme",
        "hoster": "l’hébergeur",
        "network": "le réseau",
        "issuer": "l’autorité de certification",
    },
    buyers="Services achetés par : {buyer}.",
    works=("Répond sur votre territoire : {services}.", "Répondent sur votre territoire : {services}."),
    elsewhere=(
        "L’autre service mesuré du même exploitant ({operator}) est touché aussi ; "
        "c’est un rapprochement, pas une cause.",
        "Autres services du même exploitant ({operator}) : {unwell} sur {all} mesurés sont touchés aussi ; "
        "c’est un rapprochement, pas une cause.",
    ),
    nothing_elsewhere=(
        "L’autre service mesuré du même exploitant ({operator}) répond.",
        "Autres services du même exploitant ({operator}) : les {all} mesurés répondent.",
    ),
    own_places=(
        "Département touché sur votre territoire : {places}.",
        "Départements touchés sur votre territoire : {places}.",
    ),
    own_services="Sur votre territoire : {services}.",
    share_before=" (au message précédent : {share} %)",
    operators="Exploités par : {operator}.",
)
