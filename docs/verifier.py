"""Vérifie un export d'observations de Vigie contre les sceaux publiés, sans Vigie : Python 3.9 et rien d'autre.

    python3 verifier.py observations.csv sceaux.json
L'export (CSV brut ou JSON, .gz ou non) a sa preuve observations.csv.seals.json à côté de lui (docs/seals.md dit tout).
Code de sortie : 0 conforme, 1 modifié, 2 mauvais usage.
"""

# ruff: noqa: B905, D103, E401, E731, I001, INP001, RUF021, SIM905, T201 -- a script of one page, which prints
import csv, gzip, json, sys, zlib
from hashlib import sha256
from pathlib import Path

COLUMNS = """at vantage service probe health failure took_ms resolve_ms connect_ms tls_ms first_byte_ms transfer_ms
http_status address bytes_read final_host marker detail certificate certificate_not_after issuer clock_offset_s
catalogue""".split()
KINDS = [bytes if "_ms" in k else int if k in {"http_status", "bytes_read", "clock_offset_s"} else str for k in COLUMNS]
SAID = ("number", "day", "from", "to", "vantage", "rows", "tree", "previous", "corrects")
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # du JSON sans espaces
root = lambda seal: sha256(compact([1, *(seal[key] for key in SAID)]).encode()).hexdigest()  # tient tout le reste


def climb(seal, one, digest):  # de la feuille d'une sonde à la racine de l'arbre de ce jour (RFC 6962)
    text = compact([1, seal["day"], seal["vantage"], one["probe"], one["rows"], digest])
    reached, index, path = sha256(b"\x00" + text.encode()).hexdigest(), one["index"], one["path"]
    for place, sibling in enumerate(path):
        right = index >> place & 1
        if sibling == "" and (right or index.bit_length() != len(path)):
            return None  # pas de voisine : cela n'arrive qu'au bord droit de l'arbre
        pair = (sibling, reached) if right else (reached, sibling)
        reached = reached if sibling == "" else sha256(b"\x01" + bytes.fromhex("".join(pair))).hexdigest()
    return None if index >> len(path) else reached


def records(name):  # chaque ligne comme les 23 textes dont le sceau est fait
    with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8-sig", newline="") as file:
        if ".csv" in name:
            lines = csv.reader(file, strict=True)
            yield from lines if next(lines, None) == COLUMNS else [[]]
        padded = lambda ms: ms.ljust(ms.find(".") + 4, "0").encode()  # 118.1 devient 118.100
        for line in file:  # du JSON : d'un CSV il ne reste rien à lire
            keys, values = json.loads(line, object_pairs_hook=lambda pairs: zip(*pairs), parse_float=padded)
            right = keys == (*COLUMNS,) and all(v is None or v != "" and type(v) is k for v, k in zip(values, KINDS))
            yield ["" if v is None else v.decode() if type(v) is bytes else str(v) for v in values] if right else []


def read(name, days, parts):  # remplit parts : jour, point de mesure, sonde -> condensat, nombre de lignes
    last, begin = (), ""
    for number, cells in enumerate(records(name), 2 if ".csv" in name else 1):
        at, vantage, _, probe, *_ = cells if len(cells) == len(COLUMNS) else [""] * 4
        place = (at[:13], vantage, probe, at)  # l'ordre de tout export : heure, point de mesure, sonde, instant
        if place[:1] != last[:1]:  # une autre heure, donc peut-être un autre jour
            begin = max((key[0] for key in days if key[0] <= at), default="")
        if place <= last or len(cells) != len(COLUMNS) or at >= days.get((begin, vantage), {"to": ""})["to"]:
            yield f"ligne {number} : pas une observation, ou pas à sa place, ou hors des journées scellées"
        part, last = parts.setdefault((begin, vantage, probe), [sha256(), 0]), place
        part[0].update(f"{compact(cells)}\n".encode())
        part[1] += 1


def compare(days, parts, published):
    for (begin, vantage), seal in days.items():
        for one in seal["probes"]:
            digest, rows = parts.pop((begin, vantage, one["probe"]), [sha256(), 0])
            if rows != one["rows"] or climb(seal, one, digest.hexdigest()) != seal["tree"]:
                yield f"{(seal['day'], one['probe'])} : {rows} lignes au lieu de {one['rows']!r}, ou modifiées"
        if not root(seal) == seal["root"] == published.get((vantage, seal["number"]), {}).get("root"):
            yield f"{seal['day']!r} : le sceau annoncé n'est pas celui qui est publié"
    yield from (f"{key} : cette sonde n'est pas annoncée ce jour-là" for key in parts)
    for (vantage, number), one in published.items():
        if one["root"] != root(one) or one["previous"] != published.get((vantage, number - 1), {"root": ""})["root"]:
            yield f"{one['day']!r} : la liste publiée est rompue à ce jour"
        if min(days)[0] <= one["from"] <= max(days)[0] and (one["from"], vantage) not in days:
            yield f"{one['day']!r} : ce jour est scellé et publié, mais l'export n'en annonce rien"


def main():
    try:
        roots, proof = (json.loads(Path(one).read_bytes()) for one in (sys.argv[2], f"{sys.argv[1]}.seals.json"))
        published = {(one["vantage"], one["number"]): one for one in roots["seals"]}
        days, parts = {(one["from"], one["vantage"]): one for one in proof["seals"]}, {}
        if compact([proof["version"], proof["record_version"], len(days)]) != compact([1, 1, len(proof["seals"])]):
            raise ValueError("preuve d'une autre version, ou qui se répète")
        wrong = [*read(sys.argv[1], days, parts), *compare(days, parts, published)]
        every = {one["probe"] for seal in days.values() for one in seal["probes"]}
        wrong += [] if every else ["aucune mesure n'est annoncée : il n'y a rien à vérifier"]
        fine = [f"Export conforme à ce qui fut scellé, du {min(days)[0]} au {max(s['to'] for s in days.values())}."]
        for (_, vantage), seal in days.items():  # ce qu'il ne prouve pas
            ours = {one["probe"]: one["rows"] for one in seal["probes"]}
            if len(ours) < len(every) and sum(ours.values()) < seal["rows"]:
                fine += [f"Remarque : rien d'annoncé le {seal['day']} vu de {vantage!r} de {sorted(every - {*ours})}"]
    except OSError as trouble:
        return print(trouble) or (1 if isinstance(trouble, gzip.BadGzipFile) else 2)
    except (ValueError, TypeError, LookupError, AttributeError, EOFError, RuntimeError, csv.Error, zlib.error) as why:
        wrong = [f"fichier coupé, modifié ou sans journée scellée ({type(why).__name__} : {why})"]
    return print("\n".join((wrong or fine)[:50])) or int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) == 3 else print(__doc__) or 2)
