/* What an expression's tree is worth, in the browser. The twin of surveys/questionnaires/expressions/evaluate.py:
   a value is a text, a number, a truth value or a day {days}; an unanswered question is the empty text. */
"use strict";
const Expressions = (() => {
  const DAY = 86400000;
  const isDay = (v) => typeof v === "object" && v !== null;
  const number = (v) => {
    if (typeof v === "boolean") return v ? 1 : 0;
    if (isDay(v)) return v.days;
    if (typeof v === "string") return v.trim() === "" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(v.trim()) ? NaN : Number(v);
    return v;
  };
  const iso = (day) => new Date(day.days * DAY).toISOString().slice(0, 10);
  const text = (v) => (isDay(v) ? iso(v) : String(v));
  const truth = (v) => (typeof v === "boolean" ? v : isDay(v) ? true : typeof v === "string" ? v !== "" : v !== 0 && !Number.isNaN(v));
  const equal = (a, b) => {
    if (typeof a === "boolean" || typeof b === "boolean") return truth(a) === truth(b);
    if (typeof a === "string" && typeof b === "string") return a === b;
    return number(a) === number(b);
  };
  const words = (v) => text(v).split(/\s+/).filter(Boolean);
  const toDay = (v) => {
    if (typeof v !== "string") return v;
    const at = /^\d{4}-\d{2}-\d{2}/.test(v) ? Date.parse(v.slice(0, 10)) : NaN;
    return Number.isNaN(at) ? "" : { days: at / DAY };
  };
  const numbers = (choose) => (...values) => {
    const all = values.map(number);
    return all.some(Number.isNaN) ? NaN : choose(all);
  };
  const substr = (v, start, end = Infinity) => {
    const s = Array.from(text(v));
    const [a, b] = [number(start), number(end)].map((x) => (x < 0 ? Math.max(x + s.length, 0) : x));
    return s.slice(Math.trunc(Math.min(a, s.length)), Math.trunc(Math.min(b, s.length))).join("");
  };
  const formatDate = (v, pattern) => {
    const day = toDay(v);
    if (!isDay(day)) return "";
    const [y, m, d] = iso(day).split("-");
    const parts = { "%Y": y, "%y": y.slice(2), "%m": m, "%n": String(+m), "%d": d, "%e": String(+d) };
    return text(pattern).replace(/%[YymnDde]/g, (found) => parts[found] ?? found);
  };
  const functions = {
    selected: (v, name) => words(v).includes(text(name).trim()),
    "selected-at": (v, i) => words(v)[Math.trunc(number(i))] ?? "",
    "count-selected": (v) => words(v).length,
    regex: (v, pattern) => new RegExp(`^(?:${text(pattern)})$`, "su").test(text(v)),
    coalesce: (a, b) => (text(a) ? a : b),
    once: (v) => v,
    int: (v) => Math.trunc(number(v)) + 0,
    number,
    round: (v, digits = 0) => {
      const scale = 10 ** number(digits);
      return Math.floor(number(v) * scale + 0.5) / scale;
    },
    abs: (v) => Math.abs(number(v)),
    min: numbers((all) => Math.min(...all)),
    max: numbers((all) => Math.max(...all)),
    sum: numbers((all) => all.reduce((a, b) => a + b, 0)),
    string: text,
    concat: (...parts) => parts.map(text).join(""),
    join: (glue, ...parts) => parts.map(text).join(text(glue)),
    substr,
    "string-length": (v) => Array.from(text(v)).length,
    contains: (whole, part) => text(whole).includes(text(part)),
    "starts-with": (whole, part) => text(whole).startsWith(text(part)),
    "ends-with": (whole, part) => text(whole).endsWith(text(part)),
    not: (v) => !truth(v),
    true: () => true,
    false: () => false,
    boolean: truth,
    "boolean-from-string": (v) => ["1", "true"].includes(text(v).toLowerCase()),
    date: toDay,
    "format-date": formatDate,
  };
  const operators = {
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    div: (a, b) => a / b,
    mod: (a, b) => a % b,
  };
  const evaluate = (tree, context) => {
    const [kind, ...rest] = tree;
    const worth = (part) => evaluate(part, context);
    switch (kind) {
      case "num":
      case "str":
        return rest[0];
      case "ref":
        return context.answer(rest[0]);
      case "self":
        return context.own;
      case "neg":
        return -number(worth(rest[0]));
      case "op": {
        const [operator, left, right] = rest;
        if (operator === "or") return truth(worth(left)) || truth(worth(right));
        if (operator === "and") return truth(worth(left)) && truth(worth(right));
        if (operator === "=" || operator === "!=") return equal(worth(left), worth(right)) === (operator === "=");
        return operators[operator](number(worth(left)), number(worth(right)));
      }
      default: {
        const [name, args] = rest;
        if (name === "if") return worth(truth(worth(args[0])) ? args[1] : args[2]);
        if (name === "today") return context.today;
        if (name === "jr:choice-name") return context.label(String(args[1].at(-1)).trim().replace(/[${}]/g, "").split("/").pop(), text(worth(args[0])));
        return functions[name](...args.map(worth));
      }
    }
  };
  return { evaluate, truth, text, number, toDay };
})();
