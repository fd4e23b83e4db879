/* Makes the page lighter to use: shows and hides questions, checks as one types, finds a company. The server decides. */
"use strict";
(() => {
  const form = document.getElementById("sheet");
  const { questions, repeats = {}, answers = {}, lists = {}, seed = "" } = JSON.parse(document.getElementById("logic").textContent);
  const clock = new Date();
  const now = { ms: clock.getTime() - clock.getTimezoneOffset() * 60000 };
  const today = Expressions.toDay(now);
  const boxes = Array.from(form.querySelectorAll(".question"));
  const here = new Map(boxes.map((box) => [box.dataset.name, box]));
  const repeatOf = {};
  for (const repeat of Object.keys(repeats)) for (const part of repeats[repeat]) repeatOf[part] = repeat;

  /* the field of a question in the sheet `at` of its repeat, or by itself */
  const fieldName = (name, at) => (repeatOf[name] && at >= 0 ? `${repeatOf[name]}:${at}:${name}` : name);
  const inputs = (name) => Array.from((here.get(name) || form).querySelectorAll(`[name="${CSS.escape(name)}"]`));
  const given = (name, at) => {
    const field = fieldName(name, at);
    if (!here.has(field)) {
      const kept = repeatOf[name] && at >= 0 ? ((answers[repeatOf[name]] || [])[at] || {})[name] : answers[name];
      return [].concat(kept === undefined || kept === null ? questions[name].default || "" : kept).join(" ");
    }
    const chosen = inputs(field).filter((f) => (f.type === "radio" || f.type === "checkbox" ? f.checked : f.type !== "file"));
    return chosen.map((f) => f.value.trim()).join(" ");
  };
  const typed = (name, at) => {
    const { kind } = questions[name];
    const value = given(name, at);
    if (value === "") return "";
    if (["integer", "decimal", "range"].includes(kind)) return Expressions.number(value);
    if (kind === "datetime") return Expressions.moment(value) || "";
    if (kind === "time") return Expressions.moment(`${Expressions.text(today)}T${value}`) || "";
    return kind === "date" ? Expressions.toDay(value) : value;
  };
  const partsOf = (repeat) => {
    const counted = questions[repeat].count;
    if (counted) return Math.max(0, Math.min(50, Math.trunc(Expressions.number(Expressions.evaluate(counted, context(-1)))) || 0));
    const shown = form.querySelector(`[name="${CSS.escape(`${repeat}:count`)}"]`);
    return shown ? Number(shown.value) : (answers[repeat] || []).length;
  };
  const valueAt = (name, at, seen) => {
    const key = fieldName(name, at);
    if (!questions[name] || seen.has(key)) return "";
    const inner = context(at, "", new Set(seen).add(key));
    inner.seed = `${seed}:${name}:${at}`;
    if (!isRelevant(name, at, inner)) return "";
    const { calculation } = questions[name];
    if (!calculation) return typed(name, at);
    const worth = Expressions.evaluate(calculation, inner);
    return typeof worth === "number" && !Number.isFinite(worth) ? "" : worth;
  };
  const context = (at, own = "", seen = new Set()) => ({
    own,
    today,
    now,
    seed,
    position: at + 1,
    row: {},
    listRows: (list) => lists[list] || [],
    label: (question, name) => ((questions[question] || {}).labels || {})[name] || "",
    answerAt: (name, i) => valueAt(name, i - 1, seen),
    answer: (name) => {
      if (repeats[name]) return Array(partsOf(name)).fill("");
      const repeat = repeatOf[name];
      if (!repeat || at >= 0) return valueAt(name, repeat ? at : -1, seen);
      return Array.from({ length: partsOf(repeat) }, (_none, i) => valueAt(name, i, seen));
    },
  });
  const isRelevant = (name, at, from = context(at)) => (questions[name].relevant || []).every((tree) => Expressions.truth(Expressions.evaluate(tree, from)));
  const placeOf = (box) => (box.dataset.name.includes(":") ? Number(box.dataset.name.split(":")[1]) : -1);

  const show = (box, visible) => {
    if (box.hidden === !visible) return;
    box.hidden = !visible;
    if ("disabled" in box) box.disabled = !visible;
    if (visible && !box.querySelector('[name="shown"]')) {
      const seen = document.createElement("input");
      Object.assign(seen, { type: "hidden", name: "shown", value: box.dataset.name });
      box.append(seen);
    }
  };
  const check = (box) => {
    const [question, at] = [questions[box.dataset.question], placeOf(box)];
    const error = box.querySelector(".error");
    if (!error || !question.constraint) return;
    const own = typed(box.dataset.question, at);
    const fits = own === "" || Expressions.truth(Expressions.evaluate(question.constraint, context(at, own)));
    error.textContent = fits ? "" : question.message;
  };
  const sift = (box) => {
    const { filter, rows = {} } = questions[box.dataset.question];
    if (!filter) return;
    const at = placeOf(box);
    for (const option of box.querySelectorAll("option[value], .options input, .cells input, .ten input")) {
      if (option.value === "") continue;
      const row = Object.assign({ name: option.value }, rows[option.value]);
      const fits = Expressions.truth(Expressions.evaluate(filter, Object.assign(context(at), { row })));
      (option.closest("label") || option).hidden = option.disabled = !fits;
      if (!fits) option.checked = option.selected = false;
    }
  };
  const other = (box) => {
    const field = box.querySelector(".other");
    if (field) field.hidden = given(box.dataset.question, placeOf(box)) !== "other";
  };
  const said = (output) => {
    const box = output.closest(".question");
    const name = output.dataset.of;
    if (!questions[name]) return;
    const at = repeatOf[name] ? placeOf(box) : -1;
    const labels = questions[name].labels || {};
    const value = Expressions.text(valueAt(name, at, new Set()));
    output.textContent = value.split(" ").map((part) => labels[part] || part).join(document.documentElement.lang === "en" ? ", " : "、");
  };
  const refresh = () => {
    for (const box of boxes) {
      sift(box);
      show(box, isRelevant(box.dataset.question, placeOf(box)));
      other(box);
    }
    form.querySelectorAll("output[data-of]").forEach(said);
  };
  /* "none of these" stands alone */
  const alone = (input) => {
    if (input.type !== "checkbox" || !input.checked) return;
    for (const one of input.closest(".options, .cells").querySelectorAll("input")) {
      if (one !== input && ("alone" in input.dataset || "alone" in one.dataset)) one.checked = false;
    }
  };

  form.addEventListener("input", (event) => {
    const box = event.target.closest(".question");
    if (box && event.target.closest(".options, .cells")) alone(event.target);
    refresh();
    if (!box) return;
    const error = box.querySelector(".error");
    if (error) error.textContent = "";
    check(box);
  });
  for (const find of form.querySelectorAll(".find")) {
    find.hidden = false;
    find.addEventListener("input", () => {
      const wanted = find.value.toLowerCase().replace(/\s/g, "");
      for (const label of find.parentElement.querySelectorAll("[data-search]")) {
        const found = `${label.dataset.search} ${label.textContent.toLowerCase()}`.includes(wanted);
        label.hidden = !found && !label.querySelector("input").checked;
      }
    });
    find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  for (const button of form.querySelectorAll(".here")) {
    if (!navigator.geolocation) continue;
    button.hidden = false;
    const field = button.parentElement.querySelector("input[type=text]");
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          button.disabled = false;
          field.value = [coords.latitude, coords.longitude, coords.altitude || 0, coords.accuracy].map((x) => +x.toFixed(6)).join(" ");
          refresh();
        },
        () => {
          button.disabled = false;
          button.hidden = true; // no fix: the field can be written by hand
          field.focus();
        },
        { enableHighAccuracy: true, timeout: 20000 },
      );
    });
  }
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  /* a call, an empty battery, another app: what is answered so far is kept when the page goes out of sight */
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  document.addEventListener("visibilitychange", () => {
    const isTrial = form.querySelector('[name="csrfmiddlewaretoken"]');
    if (document.visibilityState !== "hidden" || !changed || form.dataset.sent || isTrial || !navigator.sendBeacon) return;
    const kept = new FormData(form);
    for (const [name, value] of Array.from(kept)) if (value instanceof File) kept.delete(name);
    kept.set("go", "keep");
    changed = !navigator.sendBeacon(form.getAttribute("action"), kept);
  });
  refresh();
  const errors = document.querySelector(".errors");
  if (errors) errors.focus();
})();
