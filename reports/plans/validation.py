"""The one validator of plans: from a YAML file to frozen records, every problem at once, with
file, line and key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from config.language.problems import InvalidInput, Problem, say
from config.language.texts import NO_WORDS, Text
from config.tabular.yaml_nodes import Value, compose, refusal
from reports.plans import wording
from reports.plans.further import FURTHER, read_further
from reports.plans.index import read_index
from reports.plans.plan import (
    DISCLOSURE,
    KINDS,
    UNFILLED,
    CompanyColumn,
    Design,
    Drop,
    EstimateColumns,
    Expect,
    Inference,
    Kind,
    Long,
    Margin,
    Pages,
    Plan,
    Print,
    Sample,
    Source,
    Unit,
)
from reports.plans.weighting import read_weighting
from reports.statistics.comparing.ranks import Family
from reports.statistics.disclosure.gates import DEFAULT, OPEN, Gates
from reports.statistics.sampling.design import Lonely

KEYS = [
    "title",
    "date",
    "sample",
    "source",
    "company",
    "subject",
    "items",
    "tree",
    "values",
    "questionnaire",
    "estimates",
    "unit",
    "better",
    "drop",
    "strata",
    "psu",
    "weight",
    "weights",
    "population",
    "lonely_psu",
    "coverage",
    "gates",
    "adjust",
    "analyses",
    "drivers",
    "compare_with",
    "expect",
    "inference",
    "print",
    "publisher",
    "contact",
    "demonstration",
    "disclosure",
]
REQUIRED = ("title", "date", "sample", "source")
FILE_KINDS = ("ratings", "estimates")
DATABASE_KINDS = ("survey", "campaign")
UNITS = ("site_type", "vendor", "brand")
# the columns of the platform's own data beside the questions, as KoboToolbox marks them
COMPANY = "_company"
# weights by design: 1 over the chance of being drawn
WEIGHT = "_weight"
DESIGN = ("strata", "psu", "weight", "population")

Keys = Mapping[str, Value]


def load(path: Path) -> Plan:
    """Read and validate a plan file. Raises InvalidInput with every problem in it."""
    try:
        content = path.read_bytes()
    except OSError:
        raise InvalidInput(Problem(str(path), say("there is no such file"))) from None
    return parse(content, path.name)


def parse(content: bytes, file: str) -> Plan:
    """Validate the bytes of a plan; `file` is its name in messages and manifests."""
    root = compose(content, file)
    keys = root.mapping(allowed=tuple(KEYS), required=REQUIRED)
    kind = _kind(keys)
    _sources_agree(root, keys, kind)

    day = keys["date"].day() if "date" in keys else None
    items, tree, outline = read_index(keys)
    strata, psu, population = (
        keys[k].text() if k in keys else None for k in ("strata", "psu", "population")
    )
    weight, unweighted = _weight(keys)
    lonely, collapse = _lonely(keys)
    weighting = read_weighting(keys)
    if "population" in keys and "psu" not in keys and "strata" not in keys:
        keys["population"].problem(say("needs strata or psu, the units it is the number of"))
    plan = Plan(
        file=file,
        hash=hashlib.sha256(content).hexdigest(),
        content=content,
        title=keys["title"].bilingual() if "title" in keys else NO_WORDS,
        date=day,  # type: ignore[arg-type]  # None only beside a problem, and then no plan leaves this function
        sample=cast(
            Sample,
            keys["sample"].choice("probability", "nonprobability") if "sample" in keys else None,
        ),
        source=_source(keys, kind),
        questionnaire=keys["questionnaire"].text() if "questionnaire" in keys else None,
        company=_company(keys, kind),
        subject=keys["subject"].bilingual() if "subject" in keys else None,
        items=items,
        tree=tree,
        outline=outline,
        estimates=_estimates(keys),
        drop=_drops(keys),
        design=Design(strata, psu, weight, unweighted, population, lonely, collapse),
        weighting=weighting,
        coverage=keys["coverage"].number(low=0, high=1) if "coverage" in keys else None,
        further=read_further(keys, items),
        gates=_gates(keys, kind),
        expect=_expect(keys),
        inference=_inference(keys, int(day.strftime("%Y%m%d")) if day else 0),
        print=_print(keys),
        publisher=keys["publisher"].bilingual() if "publisher" in keys else None,
        contact=keys["contact"].bilingual() if "contact" in keys else None,
        demonstration=bool(keys["demonstration"].boolean()) if "demonstration" in keys else False,
        disclosure=_disclosure(keys),
        columns=tuple(_columns(keys, weighting.margins)),
    )
    _refuse_words(keys, plan)
    for value in root.scalars():
        if value.raw in UNFILLED:
            value.problem(say("is still to be filled in"))
    if root.problems:
        raise refusal(content, file, root.problems)
    return plan


def _columns(keys: Keys, margins: Sequence[Margin]) -> Iterator[tuple[str, str]]:
    """Yield every column the plan reads with its place: what stands under `column`, or as the
    value of a design key.
    """
    for name, value in keys.items():
        scalars: Iterable[Value] = value.find("column")
        if name in DESIGN:
            scalars = [value]
        elif name == "weights":
            scalars = [*value.find("base"), *value.find("class"), *value.find("column")]
            yield from ((margin.column, f"{value.place}.margins") for margin in margins)
        elif name == "adjust":
            scalars = value.scalars()
        elif name == "estimates":
            scalars = value.mapping().values()
        for scalar in scalars:
            if scalar.raw:
                column = scalar.raw.strip()
                weight = column == "design" and name in ("weight", "weights")
                yield WEIGHT if weight else column, scalar.place


def _kind(keys: Keys) -> Kind | None:
    if "source" not in keys:
        return None
    source = keys["source"].mapping(required=("kind",))
    return cast(
        "Kind | None",
        source["kind"].choice(*FILE_KINDS, *DATABASE_KINDS) if "kind" in source else None,
    )


def _source(keys: Keys, kind: Kind | None) -> Source:
    if kind in FILE_KINDS:
        allowed = ("kind", "file", "sheet", *(("long",) if kind == "ratings" else ()))
        part = keys["source"].mapping(allowed=allowed, required=("file",))
        file, sheet = (part[k].text() if k in part else None for k in ("file", "sheet"))
        return Source(kind, file, sheet, long=_long(part["long"]) if "long" in part else None)
    if kind:
        keyed = ("kind", "survey") if kind == "survey" else ("kind", "campaign", "unit")
        part = keys["source"].mapping(allowed=keyed, required=keyed)
        slug = part[kind].text() if kind in part else None
        unit = part["unit"].choice(*UNITS) if "unit" in part else None
        return Source(kind, slug=slug, unit=cast("Unit | None", unit))
    return Source("ratings")


def _long(value: Value) -> Long:
    names = ("respondent", "item", "answer")
    part = value.mapping(allowed=names, required=names)
    return Long(*((part[name].text() or "") if name in part else "" for name in names))


def _sources_agree(root: Value, keys: Keys, kind: Kind | None) -> None:
    """Hold design D6: file sources carry their items, platform sources the tree of their
    questionnaire.
    """
    index = [k for k in ("items", "tree") if k in keys]
    if len(index) == 2:
        keys["tree"].problem(say("stands beside items; an index has one or the other"))
    if "questionnaire" in keys and index:
        keys[index[0]].problem(
            say("stands beside questionnaire, which brings its own tree; keep one of them")
        )
    elif "questionnaire" in keys and kind in FILE_KINDS:
        keys["questionnaire"].problem(say("belongs to surveys and campaigns, not to a file"))
    if kind in FILE_KINDS and "company" not in keys:
        _missing(root, "company")
    if kind in DATABASE_KINDS and "questionnaire" not in keys:
        _missing(root, "questionnaire")
    if kind == "ratings" and not index:
        root.problem(say("has neither items nor tree: no scale is declared for anything"))
    if kind in DATABASE_KINDS:
        for key in (*index, *(("values",) if "values" in keys else ())):
            keys[key].problem(
                say("is for file sources; a survey or campaign uses its questionnaire's tree")
            )
    if kind == "estimates":
        of_ratings = ("values", "coverage", "weights", *DESIGN, "lonely_psu", *FURTHER[:-1])
        for key in (*index, *of_ratings):
            if key in keys:
                keys[key].problem(
                    say("is for ratings; a table of estimates comes with its standard errors")
                )
        if "estimates" not in keys:
            root.problem(say("source.kind is estimates, but estimates (value, se) is missing"))
    elif kind:
        for key in ("estimates", "unit", "better"):
            if key in keys:
                keys[key].problem(say("is for source.kind estimates"))


def _missing(root: Value, key: str) -> None:
    Value(root.node, key, root.file, root.problems).problem(say("is missing"))


def _company(keys: Keys, kind: Kind | None) -> CompanyColumn:
    if "company" not in keys:
        return CompanyColumn(COMPANY)
    if kind in DATABASE_KINDS:
        return CompanyColumn(COMPANY, kinds=_ranked_kinds(keys["company"], kind))
    part = keys["company"].mapping(allowed=("column", "aliases"), required=("column",))
    column = part["column"].text() if "column" in part else None
    aliases = part["aliases"].mapping() if "aliases" in part else {}
    names = {spelling: value.text() or "" for spelling, value in aliases.items()}
    for spelling, name in names.items():
        if name in names and name != spelling:
            aliases[spelling].problem(say("leads to {name}, which is itself an alias"), name=name)
    return CompanyColumn(column or "", names)


def _ranked_kinds(company: Value, kind: Kind | None) -> tuple[str, ...]:
    """Read which kinds of company a survey ranks; all that a survey or campaign may say about
    companies.
    """
    if kind == "campaign":
        company.problem(say("is for surveys and files; a campaign compares what source.unit names"))
        return ()
    part = company.mapping(allowed=("kinds",), required=("kinds",))
    kinds = part["kinds"].items() if "kinds" in part else []
    return tuple(name for value in kinds if (name := value.choice(*KINDS)))


def _estimates(keys: Keys) -> EstimateColumns | None:
    if "estimates" not in keys:
        return None
    part = keys["estimates"].mapping(allowed=("value", "se", "n"), required=("value", "se"))
    value, se, n = (part[k].text() if k in part else None for k in ("value", "se", "n"))
    unit = keys["unit"].bilingual() if "unit" in keys else None
    better = keys["better"].choice("high", "low") if "better" in keys else "high"
    return EstimateColumns(value or "", se or "", n, unit, lower_is_better=better == "low")


def _drops(keys: Keys) -> tuple[Drop, ...]:
    if "drop" not in keys:
        return ()
    drops = []
    for value in keys["drop"].items():
        part = value.mapping(allowed=("column", "in", "reason"), required=("column", "in"))
        column = part["column"].text() if "column" in part else None
        values = tuple(v.cell() for v in part["in"].items()) if "in" in part else ()
        drops.append(
            Drop(column or "", values, part["reason"].bilingual() if "reason" in part else None)
        )
    return tuple(drops)


def _weight(keys: Keys) -> tuple[str | None, Text | None]:
    """Read the column of weights, `design` for the platform's own, or why there is to be none."""
    weights = keys["weights"].find("base") if "weights" in keys else iter(())
    value = keys["weight"] if "weight" in keys else next(weights, None)
    if value is None:
        return None, None
    if value.is_mapping:
        part = value.mapping(allowed=("none",), required=("none",))
        return None, part["none"].bilingual() if "none" in part else None
    name = value.text()
    if name == "none":
        value.problem(say("needs a reason: weight: {{none: {{zh-Hans: …, en: …}}}}"))
    return (WEIGHT if name == "design" else name), None


def _lonely(keys: Keys) -> tuple[Lonely, dict[str, str]]:
    """Read what becomes of a stratum with one sampled unit: a rule by name, or the strata that
    are merged.
    """
    if "lonely_psu" not in keys:
        return "fail", {}
    value = keys["lonely_psu"]
    if not value.is_mapping:
        return cast(Lonely, value.choice("fail", "adjust", "average", "certainty")), {}
    merged = value.mapping(allowed=("collapse",), required=("collapse",))
    pairs = merged["collapse"].mapping() if "collapse" in merged else {}
    if "strata" not in keys:
        value.problem(say("needs strata, the column of the labels that are merged"))
    return "fail", {label: into.text() or "" for label, into in pairs.items()}


def _expect(keys: Keys) -> Expect | None:
    if "expect" not in keys:
        return None
    usual = Expect(())
    part = keys["expect"].mapping(
        allowed=("companies", "answers", "between", "within", "deff", "units"),
        required=("answers",),
    )
    answers: tuple[int | None, ...] = ()
    if "answers" in part and part["answers"].is_list:
        answers = tuple(value.integer(low=1, high=10**7) for value in part["answers"].items())
        if "companies" in part:
            part["companies"].problem(
                say("stands beside a list of answers, which has one number per company")
            )
        elif len(answers) < 2:
            part["answers"].problem(say("needs at least two companies"))
    elif "answers" in part:
        companies = part["companies"].integer(low=2, high=2000) if "companies" in part else None
        if "companies" not in part:
            keys["expect"].problem(
                say("needs companies, or a list of answers with one number per company")
            )
        answers = (part["answers"].integer(low=1, high=10**7),) * (companies or 2)
    size = {
        name: part[name].number(low=1e-6, high=1e6)
        for name in ("between", "within", "deff")
        if name in part
    }
    units = part["units"].integer(low=2, high=10**6) if "units" in part else None
    return replace(
        usual,
        answers=tuple(n or 1 for n in answers),
        units=units,
        **{k: v or 1.0 for k, v in size.items()},
    )


def _gates(keys: Keys, kind: Kind | None) -> Gates:
    """Gates of the plan take the place of the usual ones; one that the plan leaves out or sets
    to null is open.
    """
    if "gates" not in keys:
        return OPEN if kind == "estimates" else DEFAULT
    part = keys["gates"].mapping(allowed=("n", "n_eff", "half_width"))
    part = {name: value for name, value in part.items() if not value.is_null}
    if kind == "estimates":
        estimates = keys["estimates"].mapping() if "estimates" in keys else {}
        if "n_eff" in part:
            part["n_eff"].problem(say("a table of estimates has no effective sample size"))
        if "n" in part and "n" not in estimates:
            part["n"].problem(say("needs estimates.n, the column with the number of answers"))
    return Gates(
        n=part["n"].integer(low=1, high=10**9) if "n" in part else None,
        n_eff=part["n_eff"].number(low=0, high=1e9) if "n_eff" in part else None,
        half_width=part["half_width"].number(low=0, high=1e9) if "half_width" in part else None,
    )


def _inference(keys: Keys, seed: int) -> Inference:
    usual = Inference(seed=seed)
    if "inference" not in keys:
        return usual
    part = keys["inference"].mapping(allowed=("level", "draws", "seed", "tau", "family"))
    level = part["level"].number(low=0.8, high=0.999) if "level" in part else usual.level
    draws = part["draws"].integer(low=1000, high=1_000_000) if "draws" in part else usual.draws
    seeded = part["seed"].integer(low=0, high=2**63 - 1) if "seed" in part else usual.seed
    tau = part["tau"].integer(low=1, high=10_000) if "tau" in part else usual.tau
    family = part["family"].choice("simultaneous", "marginal") if "family" in part else usual.family
    return Inference(
        seeded or 0,
        level or usual.level,
        draws or usual.draws,
        tau or usual.tau,
        cast(Family, family),
    )


def _print(keys: Keys) -> Print:
    if "print" not in keys:
        return Print()
    part = keys["print"].mapping(allowed=("list_withheld", "pages", "decimals"))
    listed = part["list_withheld"].boolean() if "list_withheld" in part else False
    pages = part["pages"].choice("none", "extremes", "all") if "pages" in part else "none"
    decimals = part["decimals"].integer(low=0, high=6) if "decimals" in part else None
    return Print(bool(listed), cast(Pages, pages), decimals)


def _disclosure(keys: Keys) -> dict[str, Text]:
    if "disclosure" not in keys:
        return {}
    part = keys["disclosure"].mapping(allowed=DISCLOSURE)
    return {name: value.bilingual() for name, value in part.items() if not value.is_null}


def _refuse_words(keys: Keys, plan: Plan) -> None:
    own = [("title", plan.title)] + [("disclosure", text) for text in plan.disclosure.values()]
    own += [("publisher", plan.publisher)] if plan.publisher else []
    own += [("weight", plan.design.unweighted)] if plan.design.unweighted else []
    own += [("subject", plan.subject)] if plan.subject else []
    own += [("drop", drop.reason) for drop in plan.drop if drop.reason]
    labels = [("items" if "items" in keys else "tree", line.label) for line in plan.outline]
    # a question may well be about a safety check (安全检查), the association's own words not
    found = [(key, word) for key, text in own for word in wording.never(text.zh + text.en)]
    if plan.sample == "nonprobability":
        found += [
            (key, word)
            for key, text in own + labels
            for word in wording.not_measured(text.zh + text.en)
        ]
    for key, word in found:
        keys[key].problem(say("uses “{word}”, which this publication must not say"), word=word)
