/* Makes the page lighter to use: shows and hides questions, checks as one types, finds a company. The server decides. */
"use strict";
/* form: a page's questions, as forms/field.html has them; logic: what forms/logic.py writes of them */
const Sheet = (form, logic) => {
  const { questions, answers = {} } = logic;
  const english = document.documentElement.lang === "en";
  const clock = new Date();
  const now = { ms: clock.getTime() - clock.getTimezoneOffset() * 60000 };
  const boxes = Array.from(form.querySelectorAll(".question"));
  const here = new Map(boxes.map((box) => [box.dataset.name, box]));

  const inputs = (name) => Array.from((here.get(name) || form).querySelectorAll(`[name="${CSS.escape(name)}"]`));
  /* what other pages asked: the answer at a place, "outer:0:inner:1" or "" */
  const kept = (name, place) => (place ? place.split(":") : []).reduce((inner, part) => (inner || {})[part], answers) || {};
  const given = (name, place) => {
    const field = place ? `${place}:${name}` : name;
    if (!here.has(field)) {
      const answer = (place ? kept(name, place) : answers)[name];
      return answer === undefined || answer === null ? undefined : [].concat(answer).join(" ");
    }
    const chosen = inputs(field).filter((f) => (f.type === "radio" || f.type === "checkbox" ? f.checked : f.type !== "file"));
    return chosen.map((f) => f.value.trim()).filter(Boolean).join(" ");
  };
  const instances = (repeat, place) => {
    const field = place ? `${place}:${repeat}` : repeat;
    const counted = form.querySelector(`[name="${CSS.escape(`${field}:count`)}"]`);
    const answer = (place ? kept(repeat, place) : answers)[repeat];
    return counted ? Number(counted.value) : Array.isArray(answer) ? answer.length : 0;
  };
  const started = logic.started ? Expressions.moment(logic.started) : now;
  const evaluation = Answers(logic, given, instances, { now, started, english });
  const placeOf = (box) => box.dataset.name.split(":").slice(0, -1).join(":");

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
    const error = box.querySelector(".error");
    const { constraint, message } = questions[box.dataset.question];
    if (!error || !constraint) return;
    error.textContent = evaluation.fits(box.dataset.question, placeOf(box)) ? "" : message;
  };
  /* what another answer made wrong, another answer can make right */
  const recheck = (box) => {
    const error = box.querySelector(":scope > .error");
    if (error && error.textContent && error.textContent === questions[box.dataset.question].message) check(box);
  };
  const sift = (box) => {
    if (!questions[box.dataset.question].filter) return;
    const seen = {};
    for (const option of box.querySelectorAll("option[value], .options input, .cells input, .ten input")) {
      if (option.value === "") {
        for (const value of Object.keys(seen)) delete seen[value]; // the next list of a rank
        continue;
      }
      seen[option.value] = (seen[option.value] || 0) + 1;
      const fits = evaluation.offers(box.dataset.question, placeOf(box), option.value, seen[option.value] - 1);
      (option.closest("label") || option).hidden = option.disabled = !fits;
      if (!fits) option.checked = option.selected = false;
    }
  };
  const other = (box) => {
    const field = box.querySelector(".other");
    if (field) field.hidden = given(box.dataset.question, placeOf(box)) !== "other";
  };
  const said = (output) => {
    const name = output.dataset.of;
    if (questions[name]) output.textContent = evaluation.shown(name, placeOf(output.closest(".question")));
  };
  const refresh = () => {
    evaluation.fresh();
    for (const box of boxes) {
      sift(box);
      show(box, "insisted" in box.dataset || evaluation.isRelevant(box.dataset.question, placeOf(box)));
      other(box);
      recheck(box);
    }
    form.querySelectorAll("output[data-of]").forEach(said);
  };
  /* a default that hangs on another answer is worked out anew when that changes */
  const renew = (changed) => {
    for (const box of boxes) {
      const name = box.dataset.question;
      if (!(questions[name].renewed || []).includes(changed)) continue;
      evaluation.fresh();
      const worth = Expressions.text(evaluation.initial(name, placeOf(box)));
      for (const field of inputs(box.dataset.name)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = worth.split(" ").includes(field.value);
        else if (field.type !== "file") field.value = worth;
      }
    }
  };
  /* "none of these" stands alone */
  const alone = (input) => {
    if (input.type !== "checkbox" || !input.checked) return;
    for (const one of input.closest(".options, .cells").querySelectorAll("input")) {
      if (one !== input && ("alone" in input.dataset || "alone" in one.dataset)) one.checked = false;
    }
  };

  /* nothing is cut: what is too long is said while it is typed, and in time */
  const NEAR = 100;
  const count = (field) => {
    const words = field.closest(".question").querySelector(":scope > .left");
    const left = Number(field.dataset.most) - Array.from(field.value.trim().replace(/\r/g, "")).length;
    words.hidden = left > Math.min(NEAR, field.dataset.most / 2);
    words.classList.toggle("over", left < 0);
    const sentence = left < 0 ? words.dataset.over : words.dataset.left;
    words.textContent = words.hidden ? "" : sentence.replace("{n}", Math.abs(left));
  };

  form.addEventListener("input", (event) => {
    if (event.target.dataset.most) count(event.target);
    const box = event.target.closest(".question");
    if (box && event.target.closest(".options, .cells")) alone(event.target);
    if (box) renew(box.dataset.question);
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
          form.dispatchEvent(new Event("input"));
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
  /* a finger signs; the drawing travels as the picture that would be chosen otherwise */
  for (const canvas of form.querySelectorAll("canvas.sign")) {
    const field = canvas.closest(".question").querySelector("input[type=file]");
    const pen = canvas.getContext("2d");
    canvas.closest("p").hidden = false;
    let last = null;
    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      last = at(event);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const next = at(event);
      pen.lineWidth = 3;
      pen.lineCap = "round";
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      last = next;
    });
    canvas.addEventListener("pointerup", () => {
      last = null;
      canvas.toBlob((blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], "signature.png", { type: "image/png" }));
        field.files = files.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }, "image/png");
    });
    canvas.parentElement.querySelector("button").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      field.value = "";
    });
  }
  /* a photo of a barcode is read where the browser can */
  for (const input of form.querySelectorAll("input.scan")) {
    if (!("BarcodeDetector" in window)) continue;
    input.closest("label").hidden = false;
    input.addEventListener("change", async () => {
      const [found] = input.files.length ? await new BarcodeDetector().detect(await createImageBitmap(input.files[0])) : [];
      if (found) input.closest(".question").querySelector("input[type=text]").value = found.rawValue;
      form.dispatchEvent(new Event("input"));
    });
  }
  if (form.id !== "sheet") {
    refresh(); // an inspector's page keeps and sends by itself
    return { evaluation, refresh };
  }
  /* what is typed and not sent lies in this tab: a reload shows it again, without network it waits for one */
  const place = `typed:${location.pathname}:${form.elements.section.value}`;
  const stored = {
    get: () => {
      try {
        return JSON.parse(sessionStorage.getItem(place));
      } catch {
        return null; // no storage in this browser: what the server kept is shown
      }
    },
    set: (answers) => {
      try {
        sessionStorage.setItem(place, JSON.stringify(answers));
      } catch {
        // as above
      }
    },
  };
  /* every field by its place in the form, with what the server had kept then: once it has kept more, that counts */
  const revision = form.dataset.revision;
  const fields = () => Array.from(form.elements, (field) => [field.name, field.value, field.checked]);
  const typed = stored.get();
  if (typed && typed.revision === revision) {
    Array.from(form.elements).forEach((field, at) => {
      const [name, value, checked] = typed.fields[at] || [];
      if (!name || name !== field.name || ["hidden", "file", "submit", "button"].includes(field.type)) return;
      if (!["radio", "checkbox"].includes(field.type)) field.value = value;
      else if (field.value === value) field.checked = checked;
    });
  }
  if (revision) form.addEventListener("input", () => stored.set({ revision, fields: fields() }));
  const offline = document.getElementById("offline");
  let waiting = null;
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      waiting = event.submitter;
      offline.hidden = false;
      offline.focus();
      return;
    }
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("online", () => {
    offline.hidden = true;
    if (waiting) form.requestSubmit(waiting);
    waiting = null;
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
  form.querySelectorAll("[data-most]").forEach(count);
  refresh();
  const errors = document.querySelector(".errors");
  if (errors) errors.focus();
  return { evaluation, refresh };
};
if (document.getElementById("sheet")) Sheet(document.getElementById("sheet"), JSON.parse(document.getElementById("logic").textContent));
