"""A first plan for somebody's own file, written by looking at its columns; every guess is a comment
to be checked, and what cannot be guessed is left to be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.language.problems import say
from reports.plans.guessing import Guess, Rated
from reports.plans.plan import FILL_IN

Translate = Callable[[str], str]
MOST_SHOWN = 6  # columns that may name the company


def write(
    file: str, guess: Guess, date: str, *, sheet: str | None = None, translate: Translate = str
) -> str:
    """Return the plan as YAML with comments in the language of `translate`. `date` is printed in
    the ranking.
    """
    return "\n".join(_lines(file, guess, date, sheet, translate)) + "\n"


def _lines(file: str, guess: Guess, date: str, sheet: str | None, _: Translate) -> Iterator[str]:
    yield "# " + _(
        say(
            "A plan for {file}. Lines with “check” are guesses from the columns; the keys are"
            " explained in docs/plan.md."
        )
    ).format(file=file)
    yield "title: # " + _(say("check: printed on the cover"))
    yield "  zh-Hans: 满意度调查结果比较"
    yield "  en: Satisfaction compared"
    yield f"date: {date} # " + _(say("printed; the only date in the output"))
    yield "sample: nonprobability # " + _(
        say("check: probability only where people were drawn at random from a list")
    )
    yield from _source(file, guess, sheet, _)
    yield from _company(guess, _)
    yield from _items(guess, _)
    yield from _design(guess, _)
    fill = _(FILL_IN)
    yield f"# drop: [{{column: {fill}, in: [test]}}] # " + _(
        say("rows to leave out, counted in print")
    )
    yield "# coverage: 0.5 # " + _(
        say("share of the items that must be answered; without it one is enough")
    )
    yield "# weights: {margins: {gender: {女: 0.51, 男: 0.49}}} # " + _(
        say("known shares of the population by column, to weight answers to")
    )
    yield "# adjust: channel # " + _(
        say("columns that a company cannot influence; adjusted scores are printed beside")
    )
    yield "# analyses: [consistency, sensitivity] # " + _(
        say("whether the items belong together, and whether classes hang on their weights")
    )
    yield "# compare_with: ranking.json # " + _(say("an earlier ranking, to print the change"))
    yield "gates: {n: 30, n_eff: 100, half_width: 5} # " + _(
        say("fewer answers: not named; less certain: a score without rank and class")
    )
    seed = date.replace("-", "")
    yield f"inference: {{level: 0.95, draws: 10000, seed: {seed}, tau: 3, family: simultaneous}}"
    yield "print: {list_withheld: false, pages: none} # " + _(say("pages: none, extremes or all"))
    yield "# disclosure: # " + _(
        say("11 items, docs/plan.md; what is left out is printed as blank")
    )
    yield "#   sponsor: {zh-Hans: , en: }"


def _source(file: str, guess: Guess, sheet: str | None, _: Translate) -> Iterator[str]:
    parts = ["kind: ratings", f"file: {_quoted(file)}"]
    if sheet:
        parts.append(f"sheet: {_quoted(sheet)}")
    if guess.long is None:
        yield f"source: {{{', '.join(parts)}}}"
        return
    names = {key: name or _(FILL_IN) for key, name in guess.long.columns.items()}
    written = ", ".join(f"{key}: {_quoted(name)}" for key, name in names.items())
    yield f"source: {{{', '.join(parts)}, long: {{{written}}}}} # " + _(
        say("check: a row for every answer; respondent tells which answers are of one person")
    )


def _company(guess: Guess, _: Translate) -> Iterator[str]:
    others = [c for c in guess.candidates if c.column != guess.company]
    if others:
        words = (
            say("the company may also be in:")
            if guess.company
            else say("which column names the company? It may be:")
        )
        yield f"# {_(words)}"
    for candidate in others[:MOST_SHOWN]:
        line = say("{column}: {different} different, {rows} rows each on average; {examples}")
        yield "#   " + _one_line(
            _(line).format(
                column=_quoted(candidate.column),
                different=f"{candidate.different:,}",
                rows=f"{candidate.rows:,.0f}",
                examples=", ".join(candidate.examples),
            )
        )
    yield f"company: {{column: {_quoted(guess.company or _(FILL_IN))}}} # " + _(
        say("check; spellings: aliases: {BOZHOU: 柏舟}")
    )


def _items(guess: Guess, _: Translate) -> Iterator[str]:
    yield "items: # " + _(
        say(
            "check every scale [worst, best]; not_applicable holds cells that are no answer, values"
            " what stands for a number"
        )
    )
    for item in guess.items:
        yield _item(item)
    if not guess.items:
        yield (
            f"  - {{column: {_quoted(_(FILL_IN))}, scale: [1, 5],"
            " label: {zh-Hans: 指标, en: Item}} # " + _(say("no rated column was found"))
        )
    if guess.doubtful:
        yield "  # " + _(say("these may be rated as well; take the # away where they are:"))
    for item in guess.doubtful:
        yield f"  # {_item(item).strip()} # {_(item.doubt)}"


def _item(item: Rated) -> str:
    parts = [f"column: {_quoted(item.column)}", f"scale: [{item.scale[0]:g}, {item.scale[1]:g}]"]
    if item.not_applicable:
        cells = (cell if _is_plain(cell) else _quoted(cell) for cell in item.not_applicable)
        parts.append(f"not_applicable: [{', '.join(cells)}]")
    if isinstance(item.values, str):
        parts.append(f"values: {item.values}")
    elif item.values:
        graded = sorted(item.values.items(), key=lambda pair: pair[1])
        words = ", ".join(f"{_quoted(word)}: {number:g}" for word, number in graded)
        parts.append(f"values: {{{words}}}")
    name = _quoted(item.column)
    parts.append(f"label: {{zh-Hans: {name}, en: {name}}}")
    return f"  - {{{', '.join(parts)}}}"


def _design(guess: Guess, _: Translate) -> Iterator[str]:
    weight = _(say("check: a column of positive weights"))
    strata = _(say("check: where people were sampled in strata"))
    psu = _(say("check: where people were sampled at places"))
    taken = guess.weights[0] if len(guess.weights) == 1 else None
    if len(guess.weights) > 1:
        which = _(say("which of them weighs a row: {columns}?"))
        columns = _(", ").join(map(_quoted, guess.weights))
        yield f"weight: {_quoted(_(FILL_IN))} # {which.format(columns=columns)}"
    for key, column, comment in (
        *([] if len(guess.weights) > 1 else [("weight", taken, weight)]),
        ("strata", guess.strata, strata),
        ("psu", guess.psu, psu),
    ):
        yield (
            f"{key}: {_quoted(column)} # {comment}"
            if column
            else f"# {key}: {_(FILL_IN)} # {comment}"
        )
    if guess.lonely:
        yield "lonely_psu: adjust # " + _(say("check: a stratum has a single sampled unit"))


def _is_plain(cell: str) -> bool:
    return cell.isascii() and cell.lstrip("-").isdecimal()


def _quoted(text: str) -> str:
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
