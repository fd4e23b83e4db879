/* Keying by the keyboard alone: a whole code moves on, Enter moves on, Ctrl+Enter keeps; a wrong code stays and says so. */
"use strict";
(() => {
  const form = document.getElementById("keying");
  const say = document.getElementById("say");
  const fields = Array.from(form.querySelectorAll("input[type=text]"));
  const ANOTHER = "00";
  let begun = 0;
  let arrived = null; // the field that a whole code led to, until something happens there
  const typed = (field) => field.value.normalize("NFKC").replaceAll("、", " ").trim();
  const fits = (field) => {
    if (!field.dataset.codes || typed(field) === "") return true;
    const codes = field.dataset.codes.trim().split(" ");
    const given = field.dataset.several === undefined ? [typed(field)] : typed(field).split(/[\s,]+/);
    return given.every((code) => codes.includes(code));
  };
  /* the codes of companies beside the field: those whose name or code holds what is typed */
  const narrow = (field) => {
    const list = field.parentElement.querySelector(".company-codes");
    if (!list) return;
    const wanted = typed(field).toLowerCase();
    const rows = Array.from(list.querySelectorAll("li"));
    const fitting = rows.filter((row) => `${row.textContent} ${row.dataset.search}`.toLowerCase().includes(wanted));
    for (const row of rows) row.hidden = fitting.length > 0 && !fitting.includes(row);
    list.open = wanted !== "" && !fits(field);
  };
  const judge = (field) => {
    const right = fits(field);
    field.parentElement.classList.toggle("wrong", !right);
    say.textContent = right ? "" : `${field.labels[0].textContent.trim()}: ${say.dataset.wrong}`;
    return right;
  };
  const isSkipped = (field) => {
    const company = field.dataset.follows && form.elements[field.dataset.follows];
    return Boolean(company) && typed(company) !== ANOTHER && field.value === "";
  };
  const step = (field, by) => {
    let at = fields.indexOf(field) + by;
    while (fields[at] && isSkipped(fields[at])) at += by;
    const next = fields[at];
    if (next) {
      next.focus();
      next.select();
    } else if (by > 0) form.querySelector("button.do").focus();
    return next;
  };
  form.addEventListener("input", (event) => {
    const field = event.target;
    arrived = null;
    if (!begun && field.name !== "serial") begun = performance.now();
    const right = judge(field);
    narrow(field);
    if (right && field.dataset.jumps !== undefined && field.value !== "") arrived = step(field, 1);
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector("button.do"));
    else if ((event.key === "Enter" || event.key === "ArrowDown") && field.type === "text") {
      event.preventDefault();
      // Enter after a code that has moved on by itself belongs to that code: nothing is passed over
      if (event.key === "Enter" && field === arrived && field.value === "") {
        arrived = null;
        say.textContent = say.dataset.moved;
        return;
      }
      arrived = null;
      if (judge(field)) step(field, 1);
    } else if (event.key === "ArrowUp") step(field, -1);
  });
  form.addEventListener("submit", (event) => {
    const wrong = fields.find((field) => !fits(field));
    if (wrong) {
      event.preventDefault();
      judge(wrong);
      narrow(wrong);
      wrong.focus();
      return;
    }
    form.elements.seconds.value = begun ? ((performance.now() - begun) / 1000).toFixed(1) : "0";
  });
})();
