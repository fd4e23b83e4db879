/* Keying by the keyboard alone: a whole code moves on, Enter moves on, Ctrl+Enter keeps; a wrong code stays and says so. */
"use strict";
(() => {
  const form = document.getElementById("keying");
  const say = document.getElementById("say");
  const fields = Array.from(form.querySelectorAll("input[type=text]"));
  let begun = 0;
  const fits = (field) => {
    if (!field.dataset.codes || field.value.trim() === "") return true;
    const codes = field.dataset.codes.trim().split(" ");
    const typed = field.dataset.several === undefined ? [field.value.trim()] : field.value.trim().split(/[\s,，]+/);
    return typed.every((code) => codes.includes(code));
  };
  const judge = (field) => {
    const right = fits(field);
    field.parentElement.classList.toggle("wrong", !right);
    say.textContent = right ? "" : `${field.labels[0].textContent.trim()}: ${say.dataset.wrong}`;
    return right;
  };
  const step = (field, by) => {
    const next = fields[fields.indexOf(field) + by];
    if (next) {
      next.focus();
      next.select();
    } else if (by > 0) form.querySelector("button.do").focus();
  };
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!begun && field.name !== "serial") begun = performance.now();
    if (judge(field) && field.dataset.jumps !== undefined && field.value !== "") step(field, 1);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    else if ((event.key === "Enter" || event.key === "ArrowDown") && event.target.type === "text") {
      event.preventDefault();
      if (judge(event.target)) step(event.target, 1);
    } else if (event.key === "ArrowUp") step(event.target, -1);
  });
  form.addEventListener("submit", (event) => {
    const wrong = fields.find((field) => !fits(field));
    if (wrong) {
      event.preventDefault();
      judge(wrong);
      wrong.focus();
      return;
    }
    form.elements.seconds.value = begun ? ((performance.now() - begun) / 1000).toFixed(1) : "0";
  });
})();
