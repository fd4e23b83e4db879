/* What an expression's tree is worth, in the browser. The twin of surveys/questionnaires/expressions: a value is a text,
   a number, a truth value or a moment {ms}, in milliseconds of the interview's own clock; an unanswered question is the
   empty text, an array every instance of a repeat. */
"use strict";
const Expressions = (() => {
  const DAY = 86400000;
  const ZONE = DAY / 3; // the interviews are eight hours east of Greenwich
  const NUMBER = /^\s*-?(\d+(\.\d*)?|\.\d+)\s*$/;
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
  const isMoment = (v) => typeof v === "object" && v !== null;
  const one = (v) => (Array.isArray(v) ? (v.length ? v[0] : "") : v);
  const number = (v) => {
    if (typeof v === "boolean") return v ? 1 : 0;
    if (isMoment(v)) return Math.floor(v.ms / DAY);
    if (typeof v === "string") return NUMBER.test(v) ? Number(v) : NaN;
    return v;
  };
  const iso = (v) => new Date(v.ms).toISOString();
  /* as Java's Double.toString: 0.5, 1.0E-4, 3.0E9 */
  const written = (x) => {
    if (!Number.isFinite(x)) return String(x);
    const size = Math.abs(x);
    if (size <= 2147483647 && Math.abs(x - Math.trunc(x)) < 1e-12) return String(Math.trunc(x) + 0);
    if (size >= 1e-3 && size < 1e7) return String(x);
    const [digits, power] = x.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(power)}`;
  };
  const text = (v) => (isMoment(v) ? iso(v).slice(0, 10) : typeof v === "number" ? written(v) : String(v));
  const truth = (v) => (typeof v === "boolean" ? v : isMoment(v) ? true : typeof v === "string" ? v !== "" : v !== 0 && !Number.isNaN(v));
  const equal = (a, b) => {
    if (typeof a === "boolean" || typeof b === "boolean") return truth(a) === truth(b);
    if (typeof a === "number" || typeof b === "number") return Math.abs(number(a) - number(b)) < 1e-12;
    return text(a) === text(b);
  };
  const words = (v) => text(v).split(/\s+/).filter(Boolean);
  const moment = (v) => {
    if (isMoment(v)) return v;
    if (typeof v === "number") return Math.abs(v) < 700000 ? { ms: v * DAY + ZONE } : null;
    const found = typeof v === "string" && /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(v.trim());
    if (!found) return null;
    const [y, m, d, hour, minute, second] = found.slice(1, 7).map((part) => Number(part || 0));
    const at = new Date(0);
    at.setUTCFullYear(y, m - 1, d);
    if (at.getUTCDate() !== d || at.getUTCMonth() !== m - 1 || hour > 23 || minute > 59 || second > 59) return null;
    let ms = at.getTime() + hour * 3600000 + minute * 60000 + second * 1000 + Number(`0.${found[7] || 0}`) * 1000;
    if (found[8]) {
      const east = found[8] === "Z" ? "+0000" : found[8].replace(":", "");
      ms += ZONE - (east[0] === "-" ? -1 : 1) * (Number(east.slice(1, 3)) * 60 + Number(east.slice(3))) * 60000;
    }
    return { ms };
  };
  const startOf = (at) => Math.floor(at.ms / DAY) * DAY;
  const noDate = (v) => (typeof v === "number" ? v : "");
  const toDay = (v) => {
    const at = moment(typeof v === "number" ? Math.trunc(v) : v);
    return at ? { ms: startOf(at) } : noDate(v);
  };
  const all = (values) => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values.map(one));
  const numbersOf = (values) => all(values).map(number).filter((x) => !Number.isNaN(x));
  const extreme = (choose) => (...values) => {
    const found = numbersOf(values);
    return found.length ? choose(...found) : NaN;
  };
  const add = (values) => values.reduce((a, b) => a + b, 0);
  const within = (total, least, most) => (number(least) < 0 || total >= number(least)) && (number(most) < 0 || total <= number(most));
  const whole = (v) => Math.trunc(number(v)) || 0;
  const substr = (v, start, end = Infinity) => {
    const s = text(v);
    const place = (x) => Math.min(Math.max(x < 0 ? x + s.length : x, 0), s.length);
    const [a, b] = [place(whole(start)), place(whole(end))];
    return a < b ? s.slice(a, b) : "";
  };
  const pad = (x, n = 2) => String(x).padStart(n, "0");
  const formatDate = (v, pattern) => {
    const found = moment(v);
    if (!found) return "";
    const at = new Date(found.ms);
    const [y, m, d] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
    const parts = { "%%": "%", "%Y": pad(y, 4), "%y": pad(y % 100), "%m": pad(m), "%n": m, "%b": MONTHS[m - 1], "%d": pad(d), "%e": d };
    Object.assign(parts, { "%a": DAYS[at.getUTCDay()], "%H": pad(at.getUTCHours()), "%h": at.getUTCHours(), "%M": pad(at.getUTCMinutes()) });
    Object.assign(parts, { "%S": pad(at.getUTCSeconds()), "%3": pad(at.getUTCMilliseconds(), 3) });
    return text(pattern).replace(/%./gu, (escape) => (escape in parts ? String(parts[escape]) : escape));
  };
  /* \s is more in JavaScript than in Java, and a dot leaves out more */
  const regex = (v, pattern) => {
    const source = text(pattern).replace(/\\[^]|\./g, (part) => (part === "\\s" ? "[ \\t\\n\\x0b\\f\\r]" : part === "\\S" ? "[^ \\t\\n\\x0b\\f\\r]" : part === "." ? "[^\\n]" : part));
    try {
      return new RegExp(`^(?:${source})$`).test(text(v));
    } catch (unreadable) {
      return false;
    }
  };
  const round = (v, digits = 0) => {
    const [x, places] = [number(v), whole(digits)];
    if (!Number.isFinite(x) || Math.abs(places) > 30) return Number.isFinite(x) ? NaN : x;
    const shift = (y, by) => {
      const [mantissa, power] = String(y).split("e");
      return Number(`${mantissa}e${Number(power || 0) + by}`);
    };
    return shift(Math.floor(shift(x, Math.trunc(places)) + 0.5), -Math.trunc(places)) + 0;
  };
  const translate = (v, these, those) => {
    const [from, to] = [Array.from(text(these)), Array.from(text(those))];
    return Array.from(text(v)).map((c) => (from.includes(c) ? to[from.indexOf(c)] || "" : c)).join("");
  };
  const around = (whole, part, after) => {
    const [s, sign] = [text(whole), text(part)];
    const at = s.indexOf(sign);
    return at < 0 ? "" : after ? s.slice(at + sign.length) : s.slice(0, at);
  };
  const functions = {
    selected: (v, name) => ` ${text(v).trim()} `.includes(` ${text(name).trim()} `),
    "selected-at": (v, i) => words(v)[whole(i)] || "",
    "count-selected": (v) => words(v).length,
    regex,
    coalesce: (a, b) => (a === "" || Number.isNaN(a) ? b : a),
    once: (v) => v,
    int: (v) => Math.trunc(number(v)) + 0,
    number,
    round,
    abs: (v) => Math.abs(number(v)),
    pow: (a, b) => number(a) ** number(b),
    string: text,
    substr,
    "string-length": (v) => text(v).length,
    contains: (whole, part) => text(whole).includes(text(part)),
    "starts-with": (whole, part) => text(whole).startsWith(text(part)),
    "ends-with": (whole, part) => text(whole).endsWith(text(part)),
    "substring-before": (whole, part) => around(whole, part, false),
    "substring-after": (whole, part) => around(whole, part, true),
    translate,
    "normalize-space": (v) => text(v).replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, ""),
    not: (v) => !truth(v),
    true: () => true,
    false: () => false,
    boolean: truth,
    "boolean-from-string": (v) => ["1", "true"].includes(text(v).toLowerCase()),
    date: toDay,
    "date-time": (v) => moment(v) || noDate(v),
    "format-date": formatDate,
    "format-date-time": formatDate,
    "decimal-date-time": (v) => {
      if (typeof v === "number") return v;
      const at = moment(v);
      return at ? at.ms / DAY - 1 / 3 : "";
    },
    "decimal-time": (v) => {
      if (typeof v === "number") return v - Math.floor(v);
      const at = moment(v);
      return at ? (at.ms - startOf(at)) / DAY : "";
    },
    checklist: (least, most, ...ticked) => within(ticked.filter(truth).length, least, most),
    sqrt: (v) => Math.sqrt(number(v)),
    exp: (v) => Math.exp(number(v)),
    exp10: (v) => 10 ** number(v),
    log: (v) => Math.log(number(v)),
    log10: (v) => Math.log10(number(v)),
    sin: (v) => Math.sin(number(v)),
    cos: (v) => Math.cos(number(v)),
    tan: (v) => Math.tan(number(v)),
    asin: (v) => Math.asin(number(v)),
    acos: (v) => Math.acos(number(v)),
    atan: (v) => Math.atan(number(v)),
    atan2: (y, x) => Math.atan2(number(y), number(x)),
    pi: () => Math.PI,
    "weighted-checklist": (least, most, ...pairs) => {
      const total = add(pairs.filter((_v, i) => i % 2 && truth(pairs[i - 1])).map(number));
      return number(least) <= total && total <= number(most); // -1 is no "any" here
    },
  };
  const ofNodes = {
    min: extreme(Math.min),
    max: extreme(Math.max),
    sum: (...values) => add(numbersOf(values)),
    count: (v) => (Array.isArray(v) ? v.length : 1),
    "count-non-empty": (...values) => all(values).filter((v) => text(v) !== "").length,
    join: (glue, ...parts) => all(parts).map(text).join(text(one(glue))),
    concat: (...parts) => all(parts).map(text).join(""),
  };
  const operators = {
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    div: (a, b) => (b === 0 && (a === 0 || Number.isNaN(a)) ? NaN : b === 0 ? a * Infinity : a / b),
    mod: (a, b) => a % b,
  };
  /* a number from 0 to 1 that hangs on the seed alone, so that page and server draw the same */
  const draw = (seed) => {
    let h = 0x811c9dc5;
    for (let i = 0; i < seed.length; i += 1) h = Math.imul(h ^ seed.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const uuid = (seed, length) => {
    if (length > 0 && Number.isFinite(length)) return Array.from({ length: Math.min(length, 100) }, (_none, i) => LETTERS[Math.trunc(draw(`${seed}#${i}`) * 36)]).join("");
    const s = Array.from({ length: 32 }, (_none, i) => Math.trunc(draw(`${seed}#${i}`) * 16).toString(16)).join("");
    return `${s.slice(0, 8)}-${s.slice(8, 12)}-4${s.slice(13, 16)}-a${s.slice(17, 20)}-${s.slice(20)}`;
  };
  const named = (tree) => String(tree[tree.length - 1]).trim().replace(/[${}]/g, "").split("/").pop();
  const evaluate = (tree, context) => {
    const [kind, first, second, third] = tree;
    const worth = (part) => evaluate(part, context);
    const single = (part) => one(worth(part));
    switch (kind) {
      case "num":
      case "str":
        return first;
      case "ref":
        return context.answer(first);
      case "column":
        return first in context.row ? context.row[first] : "";
      case "self":
        return context.own;
      case "position":
        return context.positions[first === undefined ? context.positions.length - 1 : first] || 0;
      case "lookup": {
        const fits = (row) => truth(one(evaluate(third, Object.assign({}, context, { row }))));
        return context.listRows(first).filter(fits).map((row) => row[second] || "");
      }
      case "neg":
        return -number(single(first));
      case "op":
        if (first === "or") return truth(single(second)) || truth(single(third));
        if (first === "and") return truth(single(second)) && truth(single(third));
        if (first === "=" || first === "!=") return equal(single(second), single(third)) === (first === "=");
        return operators[first](number(single(second)), number(single(third)));
      default:
    }
    if (first in ofNodes) return ofNodes[first](...second.map(worth));
    switch (first) {
      case "if":
        return worth(truth(single(second[0])) ? second[1] : second[2]);
      case "today":
        return context.today;
      case "now":
        return context.now;
      case "started":
        return context.started || context.now;
      case "random":
        return draw(context.seed);
      case "uuid":
        return uuid(context.seed, second.length ? Math.trunc(number(single(second[0]))) : 0);
      case "jr:choice-name":
        return context.label(named(second[1]), text(single(second[0])));
      case "jr:itext":
        return text(single(second[context.english && second.length > 1 ? 1 : 0]));
      case "indexed-repeat": {
        const numbers = {};
        for (let i = 1; i + 1 < second.length; i += 2) {
          const at = number(single(second[i + 1]));
          if (!Number.isFinite(at)) return "";
          numbers[named(second[i])] = Math.max(Math.trunc(at), 1);
        }
        return context.answerAt(named(second[0]), numbers);
      }
      case "pulldata": {
        const [source, column, keyColumn, key] = second.map((part) => text(single(part)));
        const rows = context.listRows(source).concat(context.listRows(`${source}.csv`));
        const row = rows.find((one_) => one_[keyColumn] === key);
        return (row && row[column]) || "";
      }
      default:
        return functions[first](...second.map(single));
    }
  };
  const only = (tree, context) => one(evaluate(tree, context));
  /* a number as somebody writes it, with the full-width signs of a Chinese keyboard too; NaN for what is none */
  const WRITTEN = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;
  const typed_ = (v) => {
    // ３ is 3; Unicode's compatible form would also make 52 of 5²
    const plain = v.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");
    return WRITTEN.test(plain) ? Number(plain) : NaN;
  };
  return { evaluate: only, truth, text, number, typed: typed_, toDay, moment, draw };
})();
