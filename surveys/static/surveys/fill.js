/* Makes the page lighter to use: shows and hides questions, checks as one types, finds a company. The server decides. */
"use strict";
(() => {
  const form = document.querySelector("form");
  const { questions, answers } = JSON.parse(document.getElementById("logic").textContent);
  const now = new Date();
  const today = { days: Math.floor((now.getTime() - now.getTimezoneOffset() * 60000) / 86400000) };
  const boxes = [...form.querySelectorAll(".question")];
  const here = new Map(boxes.map((box) => [box.dataset.name, box]));

  const given = (name) => {
    const box = here.get(name);
    if (!box) return [answers[name] ?? ""].flat().join(" ");
    const fields = [...box.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = fields.filter((f) => (f.type === "radio" || f.type === "checkbox" ? f.checked : true));
    return chosen.map((f) => f.value.trim()).join(" ");
  };
  const typed = (name) => {
    const { kind } = questions[name];
    const value = given(name);
    if (value === "") return "";
    if (["integer", "decimal", "range"].includes(kind)) return Expressions.number(value);
    return kind === "date" ? Expressions.toDay(value) : value;
  };
  const context = (own = "", seen = new Set()) => ({
    own,
    today,
    label: (question, name) => questions[question]?.labels[name] ?? "",
    answer: (name) => {
      if (!questions[name] || seen.has(name)) return "";
      const inner = context("", new Set(seen).add(name));
      if (!isRelevant(name, inner)) return "";
      const { calculation } = questions[name];
      if (!calculation) return typed(name);
      const worth = Expressions.evaluate(calculation, inner);
      return typeof worth === "number" && !Number.isFinite(worth) ? "" : worth;
    },
  });
  const isRelevant = (name, from = context()) => questions[name].relevant.every((tree) => Expressions.truth(Expressions.evaluate(tree, from)));

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
    const question = questions[box.dataset.name];
    const error = box.querySelector(".error");
    if (!error || !question.constraint) return;
    const own = typed(box.dataset.name);
    const fits = own === "" || Expressions.truth(Expressions.evaluate(question.constraint, context(own)));
    error.textContent = fits ? "" : question.message;
  };
  const other = (box) => {
    const field = box.querySelector(".other");
    if (field) field.hidden = given(box.dataset.name) !== "other";
  };
  const refresh = () => {
    for (const box of boxes) {
      show(box, isRelevant(box.dataset.name));
      other(box);
    }
  };

  form.addEventListener("input", (event) => {
    const box = event.target.closest(".question");
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
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  refresh();
  document.querySelector(".errors")?.focus();
})();
