"""Questions that depend on themselves, through relevance (their groups' included), calculations
and choice filters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.language.problems import Problem, say
from surveys.questionnaires.expressions.parse import Expression
from surveys.questionnaires.outline import Outline

LOOKED_AT = ("relevant", "calculation", "choice_filter", "repeat_count")


def cycles(outline: Outline, found: Mapping[tuple[str, str], Expression]) -> Iterator[Problem]:
    """Name one circle for every group of questions that go in circles, at the cell of its first
    step.

    `found` holds the expressions by question and heading.
    """
    needs = {name: _needs(name, outline, found) for name in outline.rows}
    settled: set[str] = set()
    for start in needs:
        path: list[str] = []
        stack = [(start, iter(needs[start]))] if start not in settled else []
        while stack:
            name, rest = stack[-1]
            if not path or path[-1] != name:
                path.append(name)
            step = next(rest, None)
            if step is None:
                settled.add(name)
                stack.pop()
                path.pop()
            elif step in path:
                around = [*path[path.index(step) :], step]
                message = say("goes in a circle: {path}")
                yield Problem(needs[around[0]][around[1]], message, {"path": " → ".join(around)})
                settled.update(path)
                stack = []
            elif step not in settled:
                stack.append((step, iter(needs[step])))


def _needs(
    name: str, outline: Outline, found: Mapping[tuple[str, str], Expression]
) -> dict[str, str]:
    """Return what a question depends on, each with the cell that says so."""
    looked_at = [(outline.rows[name], heading) for heading in LOOKED_AT]
    looked_at += [
        (group, heading)
        for group in outline.groups[name]
        for heading in ("relevant", "repeat_count")
    ]
    return {
        mention.name: source.place(heading)
        for source, heading in looked_at
        if (source.get("name"), heading) in found
        for mention in found[source.get("name"), heading].questions
        if mention.name in outline.rows
    }
