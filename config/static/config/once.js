// A form of the back office is sent once, however often its button is clicked. Where a file comes
// back the page stays: a field that is changed, or some time, lets the form be sent again.
"use strict";

const AGAIN_AFTER = 20_000; // milliseconds

function release(form) {
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(release, AGAIN_AFTER, form);
});

document.addEventListener("input", (event) => {
  if (event.target.form) release(event.target.form);
});

// a page that comes back by the Back button stands as it was left
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(release));
