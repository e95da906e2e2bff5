"""The contact sheet: every picture small, in a row a page, each a link to itself."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigie, every page</title>
<style>body{font:15px system-ui;margin:24px;background:#eee;color:#111}table{border-collapse:collapse}
th,td{padding:10px;vertical-align:top;text-align:left}img{width:220px;max-height:320px;object-fit:cover;object-position:top;border:1px solid #999}
</style><h1>Vigie, every page</h1><table>
"""


def write_sheet(folder: Path, found: Mapping[str, Sequence[Path]]) -> Path:
    """`index.html` beside the pictures; `found`: those of each page, by what it is called and its address."""
    rows = []
    for title, paths in found.items():
        cells = "".join(
            f'<td><a href="{escape(one.name)}"><img loading="lazy" src="{escape(one.name)}" alt="{escape(one.stem)}"></a></td>'
            for one in paths
        )
        rows.append(f'<tr><th scope="row">{escape(title)}</th>{cells}</tr>')
    path = folder / "index.html"
    path.write_text(HEAD + "\n".join(rows) + "\n</table></html>\n", encoding="utf-8")
    return path
