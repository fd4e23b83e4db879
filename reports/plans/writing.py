"""A plan as text: written from values by their keys, read back into them as they stand, and changed
at some of them; what a form of a plan is filled from. Whether a plan can be used says `validation`
alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from config.language.problems import InvalidInput
from config.tabular.yaml_nodes import compose
from reports.plans.validation import KEYS

# a text as it is written, None for null; lists and mappings of them
Written = str | None | Sequence["Written"] | Mapping[str, "Written"]

WIDTH = 96  # longest line of a mapping or list that is written on one line
# what needs no quotation marks: a name, a number, a day
PLAIN = re.compile(
    r"[A-Za-z_][A-Za-z0-9_@.-]*|-?[0-9][0-9_]*(\.[0-9_]*)?|-?\.[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
# the one name that is no text; yes and no are read as they are written
NULL = "null"
# what JSON leaves as it is and YAML breaks a line at, or refuses
UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def as_written(text: str, file: str) -> dict[str, Written]:
    """Return the values of a plan by their keys, texts as they are written. Raises InvalidInput for
    what is no YAML, or no mapping.
    """
    root = compose(text.encode(), file)
    keys = root.mapping()
    if root.problems:
        raise InvalidInput(*root.problems)
    return {name: _written(value.node) for name, value in keys.items()}


def write(plan: Mapping[str, Written]) -> str:
    """Return a plan as YAML, its keys in the validator's order, those it does not know last."""
    order = [*(key for key in KEYS if key in plan), *(key for key in plan if key not in KEYS)]
    return "".join(f"{_scalar(key)}:{_value(plan[key], len(key), 2)}\n" for key in order)


def rewritten(base: str, plan: Mapping[str, Written], changed: Mapping[str, Written]) -> str:
    """Return a plan as YAML: what did not change as it stands in `base`, with its comments and in
    its order, what changed written anew. Comments are lost only where `base` is no plan.

    changed: those keys of the plan that say something else than `base`.
    """
    try:
        was = as_written(base, "")
    except InvalidInput:
        return write(plan)
    whole = {**{key: was[key] for key in plan if key in was}, **changed}
    *pieces, (_key, tail) = _pieces(base)
    said = [
        write({key: changed[key]}) if key in changed else piece
        for key, piece in pieces
        if not key or key in whole
    ]
    text = "".join([*said, write({key: changed[key] for key in changed if key not in was}), tail])
    try:
        return text if as_written(text, "") == whole else write(whole)
    except InvalidInput:  # of a base written in a way that does not come apart
        return write(whole)


def _pieces(base: str) -> Iterator[tuple[str, str]]:
    """Take the text of a plan apart: each key with its own lines, and under "" what stands before,
    between and after them, comments and empty lines; the last piece is what stands after them.
    """
    text = base.removeprefix("\ufeff")
    text = text if text.endswith("\n") else f"{text}\n"
    root = compose(text.encode(), "").node
    starts = [(str(key.value), key.start_mark.index) for key, _value in root.value]
    yield "", text[: starts[0][1]]
    ends = [start for _key, start in starts[1:]] + [len(text)]
    for (key, start), end in zip(starts, ends, strict=True):
        lines = text[start:end].splitlines(keepends=True)
        own = len(lines)
        while own and (not lines[own - 1].strip() or lines[own - 1].startswith("#")):
            own -= 1
        yield key, "".join(lines[:own])
        yield "", "".join(lines[own:])


def _written(node: yaml.Node) -> Written:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _written(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_written(value) for value in node.value]
    return None if node.tag.endswith(":null") else str(node.value)


def _value(value: Written, used: int, indent: int) -> str:
    """Return what stands behind a colon: one line where it fits, else a block below it."""
    one_line = _flow(value)
    if value is None or isinstance(value, str) or used + indent + len(one_line) < WIDTH:
        return f" {one_line}"
    start = "\n" + " " * indent
    if isinstance(value, Mapping):
        lines = (f"{_scalar(k)}:{_value(v, len(k), indent + 2)}" for k, v in value.items())
    else:
        lines = (f"- {_flow(v)}" for v in value)
    return "".join(start + line for line in lines)


def _flow(value: Written) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]"


def _scalar(text: str) -> str:
    if PLAIN.fullmatch(text) and text.lower() != NULL:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
