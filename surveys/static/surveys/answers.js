/* What a questionnaire makes of the answers so far, in the browser. The twin of surveys/questionnaires/answers.py: a
   question is met at a place, "" or the instances of the repeats it stands in, "outer:0:inner:1". */
"use strict";
/* logic: what forms/logic.py writes; given(name, place): the answer as text, undefined where nobody was asked;
   instances(repeat, place): how many instances an uncounted repeat has */
const Answers = ({ questions, repeats = {}, lists = {}, seed = "" }, given, instances, clock) => {
  const MOST_PARTS = 50;
  const SEVERAL = ["select_multiple", "rank"];
  const { now, started, english = false } = clock;
  const today = Expressions.toDay(now);
  const inside = {};
  for (const repeat of Object.keys(repeats)) for (const part of repeats[repeat]) inside[part] = repeat;
  const around = (name) => (inside[name] ? around(inside[name]).concat(inside[name]) : []);
  const pairs = (place) => (place ? place.split(":").reduce((all, part, i) => (i % 2 ? all[all.length - 1].push(Number(part)) && all : all.concat([[part]])), []) : []);
  const joined = (parts) => parts.map((part) => part.join(":")).join(":");
  const fieldName = (name, place) => (place ? `${place}:${name}` : name);
  let values = new Map();
  let relevance = new Map();

  /* a text without what no pen writes, as typed.py keeps it */
  const plain = (v) => v.replace(/[\p{C}\p{Z}]/gu, (c) => ("\n\t \u3000".includes(c) ? c : ""));
  /* "latitude longitude altitude accuracy" */
  const located = (v) => {
    const parts = v.replace(/,/g, " ").split(/\s+/).filter(Boolean).map(Expressions.typed);
    const isPlace = parts.length >= 2 && parts.length <= 4 && parts.every(Number.isFinite) && Math.abs(parts[0]) <= 90 && Math.abs(parts[1]) <= 180;
    return isPlace ? parts.concat(0, 0).slice(0, 4).map((part) => Number(part.toPrecision(10))).join(" ") : "";
  };
  const typed = (name, place) => {
    const { kind, default: fallback = "" } = questions[name];
    const written = given(name, place);
    const raw = written && plain(written);
    const value = raw === undefined || raw === "" ? (kind === "hidden" ? fallback : "") : raw;
    if (value === "") return "";
    if (["integer", "decimal", "range"].includes(kind)) {
      const amount = Expressions.typed(value);
      return Number.isNaN(amount) || Math.abs(amount) > 1e15 || (kind === "integer" && !Number.isInteger(amount)) ? "" : amount;
    }
    if (kind === "geopoint") return located(value);
    if (kind === "datetime") return Expressions.moment(value.replace(" ", "T")) || "";
    if (kind === "time") return Expressions.moment(`${Expressions.text(today)}T${value}`) || "";
    return kind === "date" ? Expressions.toDay(value) : value;
  };
  /* what was worked out, as its question's kind has it */
  const cast = ({ kind }, worth) => {
    if (typeof worth === "number" && !Number.isFinite(worth)) return "";
    if (["integer", "decimal", "range"].includes(kind)) {
      const amount = Expressions.number(worth);
      return !Number.isFinite(amount) ? "" : kind === "integer" ? Math.trunc(amount) : amount;
    }
    if (kind === "date") {
      const at = Expressions.moment(worth);
      return at ? Expressions.toDay(at) : "";
    }
    return kind === "datetime" ? Expressions.moment(worth) || "" : worth;
  };
  const shared = (repeatsOf, place) => {
    const here = pairs(place);
    let i = 0;
    while (i < repeatsOf.length && i < here.length && here[i][0] === repeatsOf[i]) i += 1;
    return here.slice(0, i);
  };
  const places = (repeatsOf, parts) => {
    if (!repeatsOf.length) return [parts];
    const [repeat] = repeatsOf;
    if (!isRelevant(repeat, joined(parts))) return [];
    return Array.from({ length: partsOf(repeat, joined(parts)) }, (_none, i) => places(repeatsOf.slice(1), parts.concat([[repeat, i]]))).reduce((a, b) => a.concat(b), []);
  };
  const seen = (name, place) => {
    const repeatsOf = around(name);
    const near = shared(repeatsOf, place);
    const rest = repeatsOf.slice(near.length);
    if (repeats[name]) {
      const counts = places(rest, near).map((at) => (isMet(name, joined(at)) ? partsOf(name, joined(at)) : 0));
      return Array(counts.reduce((a, b) => a + b, 0)).fill("");
    }
    if (!questions[name]) return "";
    const met = places(rest, near).map(joined).filter((at) => isMet(name, at)); // as in XPath, what is not relevant is no node
    return rest.length || !met.length ? met.map((at) => value(name, at)) : value(name, met[0]);
  };
  const seenAt = (name, numbers, place) => {
    const here = new Map(shared(around(name), place));
    const at = around(name).map((repeat) => [repeat, (numbers[repeat] || (here.get(repeat) || 0) + 1) - 1]);
    return isThere(at) ? value(name, joined(at)) : "";
  };
  const context = (place, own = "", row = {}, drawn = seed) => ({
    own,
    row,
    today,
    now,
    started: started || now,
    english,
    seed: drawn,
    positions: pairs(place).map((pair) => pair[1] + 1),
    listRows: (list) => lists[list] || [],
    label: (question, name) => ((questions[question] || {}).labels || {})[name] || "",
    answer: (name) => seen(name, place),
    answerAt: (name, numbers) => seenAt(name, numbers, place),
  });
  const partsOf = (repeat, place) => {
    const { count } = questions[repeat];
    if (!count) return instances(repeat, place);
    const wanted = Expressions.number(Expressions.evaluate(count, context(place)));
    return Number.isFinite(wanted) ? Math.min(Math.max(Math.trunc(wanted), 0), MOST_PARTS) : 0;
  };
  const isThere = (parts) => parts.every(([repeat, i], depth) => i < partsOf(repeat, joined(parts.slice(0, depth))));
  const isRelevant = (name, place) => {
    const key = fieldName(name, place);
    if (!relevance.has(key)) {
      relevance.set(key, true); // what goes in a circle is refused before it gets here
      relevance.set(key, (questions[name].relevant || []).every((tree) => Expressions.truth(Expressions.evaluate(tree, context(place)))));
    }
    return relevance.get(key);
  };
  const isMet = (name, place) => pairs(place).every(([repeat], i) => isRelevant(repeat, joined(pairs(place).slice(0, i)))) && isRelevant(name, place);
  const worked = (name, place, tree) => {
    const at = pairs(place).map((pair) => pair[1]);
    const drawn = `${seed}:${name}:${at.length ? at.join(".") : -1}`;
    return cast(questions[name], Expressions.evaluate(tree, context(place, "", {}, drawn)));
  };
  const value = (name, place) => {
    const key = fieldName(name, place);
    if (values.has(key)) return values.get(key);
    values.set(key, "");
    if (questions[name] && !repeats[name] && isMet(name, place)) {
      const { kind, calculation, initial } = questions[name];
      const isFirst = kind === "hidden" && initial && !given(name, place);
      values.set(key, calculation ? worked(name, place, calculation) : isFirst ? worked(name, place, initial) : typed(name, place));
    }
    return values.get(key);
  };
  const fits = (name, place) => {
    const { constraint } = questions[name];
    const own = constraint ? typed(name, place) : "";
    return own === "" || Expressions.truth(Expressions.evaluate(constraint, context(place, own)));
  };
  /* nth: which of the choices of this name, where a list has it for two places; any of them without it */
  const offers = (name, place, choice, nth) => {
    const { filter, rows = {} } = questions[name];
    const own = nth === undefined ? rows[choice] || [{}] : [(rows[choice] || [])[nth] || {}];
    const fitting = (columns) => Expressions.truth(Expressions.evaluate(filter, context(place, "", Object.assign({}, columns, { name: choice }))));
    return !filter || own.some(fitting);
  };
  /* an answer as it is shown: the label of a choice, else the value */
  const shown = (name, place) => {
    const { kind, labels } = questions[name];
    const worth = seen(name, place);
    const plain = Array.isArray(worth) ? "" : Expressions.text(worth);
    if (!labels) return plain;
    const parts = SEVERAL.includes(kind) ? plain.split(/\s+/) : [plain];
    return parts.filter((part) => part in labels).map((part) => labels[part]).join(english ? ", " : "、");
  };
  const fresh = () => {
    values = new Map();
    relevance = new Map();
  };
  const holds = (tree, place) => Expressions.truth(Expressions.evaluate(tree, context(place)));
  return { value, seen, isRelevant, isMet, partsOf, fits, offers, shown, fresh, holds, initial: (name, place) => worked(name, place, questions[name].initial) };
};
