"""Vérifie un export d'observations de Vigie contre les sceaux publiés, sans Vigie : Python 3.9 et rien d'autre.

    python3 verifier.py observations.csv sceaux.json

L'export est un CSV brut (.csv) ou du JSON (.json, .jsonl), compressé ou non (.gz), avec observations.csv.seals.json à
côté de lui. docs/seals.md explique tout. Code de sortie : 0 conforme, 1 modifié, 2 mauvais usage.
"""
# ruff: noqa: D103, INP001, SIM905, T201 -- a script of one page, which prints

import csv
import gzip
import json
import sys
import zlib
from hashlib import sha256
from pathlib import Path

COLUMNS = """at vantage service probe health failure took_ms resolve_ms connect_ms tls_ms first_byte_ms transfer_ms
http_status address bytes_read final_host marker detail certificate certificate_not_after issuer clock_offset_s
catalogue""".split()
SAID = ("number", "day", "from", "to", "vantage", "rows", "tree", "previous", "corrects")
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # du JSON sans espaces


def root(seal):  # ce qui est publié : il tient tout le reste, et le sceau d'avant
    return sha256(compact([1, *(seal[key] for key in SAID)]).encode()).hexdigest()


def climb(seal, one, digest):  # de la feuille d'une sonde à la racine de l'arbre de ce jour (RFC 6962)
    text = compact([1, seal["day"], seal["vantage"], one["probe"], one["rows"], digest])
    reached, index, path = sha256(b"\x00" + text.encode()).hexdigest(), one["index"], one["path"]
    for place, sibling in enumerate(path):
        right = index >> place & 1
        if not sibling and (right or index.bit_length() != len(path)):
            return None  # pas de voisine : cela n'arrive qu'au bord droit de l'arbre
        pair = (sibling, reached) if right else (reached, sibling)
        reached = sha256(b"\x01" + bytes.fromhex("".join(pair))).hexdigest() if sibling else reached
    return None if index >> len(path) else reached


def records(name):  # chaque ligne comme les 23 textes dont le sceau est fait
    with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8-sig", newline="") as file:
        if ".csv" in name:
            lines = csv.reader(file, strict=True)
            yield from lines if next(lines) == COLUMNS else [[]]
        for line in file:  # du JSON : d'un CSV il ne reste rien à lire ; 118.1 y devient 118.100
            pairs = json.loads(line, object_pairs_hook=list, parse_float=lambda ms: ms.ljust(ms.find(".") + 4, "0"))
            right = [key for key, _ in pairs] == COLUMNS and all(value != "" for _, value in pairs)
            yield ["" if value is None else str(value) for _, value in pairs] if right else []


def read(name, days, parts):  # remplit parts : jour, point de mesure, sonde -> condensat, nombre de lignes
    last, begin = (), ""
    for number, cells in enumerate(records(name), 2 if ".csv" in name else 1):
        at, vantage, _, probe, *_ = cells if len(cells) == len(COLUMNS) else [""] * 4
        place = (at[:13], vantage, probe, at)  # l'ordre de tout export : heure, point de mesure, sonde, instant
        if place <= last or len(cells) != len(COLUMNS):
            yield f"ligne {number} : ce n'est pas une observation, ou pas à sa place"
        if place[:1] != last[:1]:  # une autre heure, donc peut-être un autre jour
            begin = max((key[0] for key in days if key[0] <= at), default="")
        if at >= days.get((begin, vantage), {"to": ""})["to"]:
            yield f"ligne {number} : elle est hors des journées scellées"
        part, last = parts.setdefault((begin, vantage, probe), [sha256(), 0]), place
        part[0].update(f"{compact(cells)}\n".encode())
        part[1] += 1


def compare(days, parts, published):
    for (begin, vantage), seal in days.items():
        for one in seal["probes"]:
            digest, rows = parts.pop((begin, vantage, one["probe"]), [sha256(), 0])
            if rows != one["rows"] or climb(seal, one, digest.hexdigest()) != seal["tree"]:
                yield f"{seal['day']}, {one['probe']} : {one['rows']} lignes scellées, {rows} trouvées, ou modifiées"
        if not root(seal) == seal["root"] == published.get((vantage, seal["number"]), {}).get("root"):
            yield f"{seal['day']} : le sceau annoncé n'est pas celui qui est publié"
    yield from (f"{key} : cette sonde n'est pas annoncée ce jour-là" for key in parts)
    for (vantage, number), one in published.items():
        if one["root"] != root(one) or one["previous"] != published.get((vantage, number - 1), {"root": ""})["root"]:
            yield f"{one['day']} : la liste publiée est rompue à ce jour"
        if min(days)[0] <= one["from"] <= max(days)[0] and (one["from"], vantage) not in days:
            yield f"{one['day']} : ce jour est scellé et publié, mais l'export n'en annonce rien"


def main():
    try:
        published = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["seals"]
        seals = json.loads(Path(f"{sys.argv[1]}.seals.json").read_text(encoding="utf-8"))["seals"]
        days, parts = {(one["from"], one["vantage"]): one for one in seals}, {}
        named = {(one["vantage"], one["number"]): one for one in published}
        wrong = [*read(sys.argv[1], days, parts), *compare(days, parts, named)]
    except OSError as trouble:
        return print(trouble) or (1 if isinstance(trouble, gzip.BadGzipFile) else 2)
    except (ValueError, TypeError, LookupError, AttributeError, EOFError, csv.Error, zlib.error) as trouble:
        wrong = [f"fichier coupé, modifié ou sans journée scellée ({type(trouble).__name__} : {trouble})"]
    return print("\n".join(wrong[:50]) or "Export conforme à ce qui fut scellé.") or int(bool(wrong))


sys.exit(main() if len(sys.argv) == 3 else print(__doc__) or 2)
