"""What WeasyPrint 70 leaves out of a tagged PDF: the language of foreign words, what the heads of a
table are heads of, and that a picture without words is an ornament.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pydyf
from pikepdf import Array, Dictionary
from weasyprint.pdf import tags

SCOPE = {"col": "/Column", "colgroup": "/Column", "row": "/Row", "rowgroup": "/Row"}
FIGURE = re.compile(rb"/Figure\s*<<\s*/MCID (\d+)\s*>>\s*BDC")

_build = tags._build_box_tree


def _build_with_attributes(box: Any, *more: Any) -> Iterator[Any]:
    """Tag a box as WeasyPrint does, with `lang` and `scope` of its element."""
    placed = getattr(box, "_box", box)  # of an element with a position of its own
    given = {} if placed.element is None else placed.element.attrib
    for element in _build(box, *more):
        if "lang" in given and placed.element_tag != "html":
            element["Lang"] = pydyf.String(given["lang"])
        if element["S"] == "/TH" and given.get("scope") in SCOPE:
            element["A"]["Scope"] = SCOPE[given["scope"]]
        yield element


tags._build_box_tree = _build_with_attributes


def hide_ornaments(document: pikepdf.Pdf) -> None:
    """Make pictures without an alternative text artifacts, which are not read aloud: what they
    show stands beside them as text.
    """
    numbers = document.Root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary())
    mapping = list(numbers.get("/Nums", Array()))
    elements = {int(key): of for key, of in zip(mapping[::2], mapping[1::2], strict=True)}
    for page in document.pages:
        owned = elements.get(int(page.get("/StructParents", -1)))
        if owned is None:
            continue
        hidden = {
            i: element
            for i, element in enumerate(owned)
            if isinstance(element, Dictionary) and element.S == "/Figure" and "/Alt" not in element
        }
        if not hidden:
            continue
        page.Contents = document.make_stream(_as_artifacts(page.Contents.read_bytes(), hidden))
        for i, element in hidden.items():
            left = [kid for kid in element.P.K if getattr(kid, "objgen", None) != element.objgen]
            element.P.K = Array(left)
            owned[i] = None


def _as_artifacts(content: bytes, hidden: dict[int, Any]) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        return b"/Artifact BMC" if int(found[1]) in hidden else found[0]

    return FIGURE.sub(one, content)
