"""The index of a plan: its items and the weights by which they make a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from config.language.problems import say
from config.language.texts import NO_WORDS, Text
from config.tabular.yaml_nodes import Value
from reports.plans.plan import Dimension, Item, Plan
from reports.plans.values import Values, read_values
from reports.statistics.index.scoring import Branch, Leaf
from surveys.questionnaires.questionnaire import Indicator
from surveys.questionnaires.scoring import scored_column

ITEM_KEYS = ("column", "scale", "not_applicable", "label", "weight", "single_instrument", "values")

Keys = Mapping[str, Value]


def read_index(keys: Keys) -> tuple[tuple[Item, ...], Branch | None, tuple[Dimension, ...]]:
    """Read `items` (all alike) or `tree` (dimensions with weights) into items, a tree to score
    by, and its outline.
    """
    items: list[Item] = []
    usual = read_values(keys["values"]) if "values" in keys else Values()
    top = keys.get("items") or keys.get("tree")
    if top is None:
        return (), None, ()
    nodes = [node for value in top.items() if (node := _node(value, items, flat="items" in keys))]
    if not nodes:
        top.problem(say("has no items"))
        return (), None, ()
    items = [item if item.values != Values() else replace(item, values=usual) for item in items]
    seen: set[str] = set()
    for item in items:
        if item.column in seen:
            top.problem(say("column {column} is used twice"), column=item.column)
        seen.add(item.column)
    return tuple(items), Branch(tuple(node.score for node in nodes)), _outline(nodes, 1.0, 0)


def with_index(plan: Plan, indicators: Sequence[Indicator]) -> Plan:
    """Return the plan of a survey or campaign with the index of its questionnaire.

    An item's column is the one that `scored_column` names: answers on their own scale, or points by
    choice.
    """
    items: list[Item] = []
    nodes = [_indicator(indicator, items) for indicator in indicators]
    tree = Branch(tuple(node.score for node in nodes))
    return replace(plan, items=tuple(items), tree=tree, outline=_outline(nodes, 1.0, 0))


def _indicator(indicator: Indicator, items: list[Item]) -> _Node:
    if indicator.parts:
        parts = tuple(_indicator(part, items) for part in indicator.parts)
        return _Node(
            Branch(tuple(part.score for part in parts), indicator.weight), indicator.label, parts
        )
    assert indicator.rule is not None
    # the questionnaire offers no other answers, so nothing can come from a second instrument
    scale = indicator.rule.scale or (0.0, 100.0)
    items.append(
        Item(scored_column(indicator.name), scale, indicator.label, single_instrument=True)
    )
    return _Node(Leaf(len(items) - 1, indicator.weight), indicator.label)


@dataclass(frozen=True)
class _Node:
    """A node of the index while it is read: how it is scored, what it is called, what is below
    it.
    """

    score: Branch | Leaf
    label: Text
    children: tuple[_Node, ...] = ()


def _node(value: Value, items: list[Item], *, flat: bool) -> _Node | None:
    if flat or "children" not in value.mapping():
        return _leaf(value, items)
    part = value.mapping(allowed=("label", "weight", "children"), required=("label",))
    children = tuple(
        node for child in part["children"].items() if (node := _node(child, items, flat=False))
    )
    if not children:
        part["children"].problem(say("has no items"))
        return None
    score = Branch(tuple(node.score for node in children), _weight(part))
    return _Node(score, part["label"].bilingual() if "label" in part else NO_WORDS, children)


def _leaf(value: Value, items: list[Item]) -> _Node | None:
    part = value.mapping(allowed=ITEM_KEYS, required=("column", "scale"))
    column = part["column"].text() if "column" in part else None
    scale = _scale(part["scale"]) if "scale" in part else None
    label = part["label"].bilingual() if "label" in part else Text(column or "", column or "")
    if column is None or scale is None:
        return None
    empty = part["not_applicable"].items() if "not_applicable" in part else ()
    items.append(
        Item(
            column=column,
            scale=scale,
            label=label,
            not_applicable=tuple(v.cell() for v in empty),
            single_instrument=bool(part["single_instrument"].boolean())
            if "single_instrument" in part
            else False,
            values=read_values(part["values"]) if "values" in part else Values(),
        )
    )
    return _Node(Leaf(len(items) - 1, _weight(part)), label)


def _weight(part: Keys) -> float:
    return (part["weight"].number(low=1e-6, high=1e6) or 1.0) if "weight" in part else 1.0


def _scale(value: Value) -> tuple[float, float] | None:
    ends = [end.number() for end in value.items()]
    if len(ends) != 2 or None in ends or ends[0] == ends[1]:
        value.problem(say("must be the worst and the best value, such as [1, 5]"))
        return None
    return cast("tuple[float, float]", tuple(ends))


def _outline(nodes: Sequence[_Node], share: float, depth: int) -> tuple[Dimension, ...]:
    total = sum(node.score.weight for node in nodes)
    lines: list[Dimension] = []
    for node in nodes:
        part = share * node.score.weight / total
        lines.append(
            Dimension(
                node.label, part, depth, node.score.item if isinstance(node.score, Leaf) else None
            )
        )
        lines += _outline(node.children, part, depth + 1)
    return tuple(lines)
