/* One visit on the phone: the rendered checklist, what is captured, and a draft that is kept after every tap. */
"use strict";
const Visit = (() => {
  const NUMBERS = ["integer", "decimal", "range"];
  const ACCEPT = { photo: "image/jpeg, image/png, image/webp", screenshot: "image/jpeg, image/png, image/webp", recording: "video/*", voice: "audio/*" };
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const within = (box, inside) => Array.from(inside.querySelectorAll(".question")).filter((one) => one.parentElement.closest(".question") === box);

  /* instances: copies of the one that the checklist comes with, numbered anew */
  const renumber = (part, name, number) => {
    const old = new RegExp(`(^|q-|e-|h-|#)${escaped(name)}:0:`);
    for (const element of part.querySelectorAll("*")) {
      for (const { name: attribute, value } of Array.from(element.attributes)) {
        if (old.test(value)) element.setAttribute(attribute, value.replace(old, `$1${name}:${number}:`));
      }
    }
  };
  const expand = (box, counted, wanted) => {
    const { name, question } = box.dataset;
    const first = box.querySelector(":scope > .part");
    const count = box.querySelector(":scope > input[type=hidden]");
    const label = box.getAttribute("aria-label");
    if (counted(question)) for (const button of box.querySelectorAll(":scope > p > .more, :scope > .part > .number > .less")) button.remove();
    first.remove();
    count.value = wanted(name);
    let last = count;
    for (let number = 0; number < wanted(name); number += 1) {
      const part = first.cloneNode(true);
      part.setAttribute("aria-label", `${label} ${number + 1}`);
      part.querySelector(".number").firstChild.textContent = `${label} ${number + 1} `;
      if (number) renumber(part, name, number);
      last.after(part);
      last = part;
      for (const inner of within(box, part)) if (inner.matches(".repeat")) expand(inner, counted, wanted);
    }
  };

  /* answers by place: "outer:0:inner:1:name" is answers.outer[0].inner[1].name */
  const at = (answers, name) => {
    const path = name.split(":");
    return path.reduce((inner, part) => (inner === undefined || inner === null ? undefined : inner[part]), answers);
  };
  const put = (answers, name, value) => {
    const path = name.split(":");
    let inner = answers;
    for (let i = 0; i + 1 < path.length; i += 2) {
      inner[path[i]] = inner[path[i]] || [];
      while (inner[path[i]].length <= Number(path[i + 1])) inner[path[i]].push({});
      inner = inner[path[i]][Number(path[i + 1])];
    }
    inner[path[path.length - 1]] = value;
  };
  const fieldsOf = (box, name) => Array.from(box.querySelectorAll(`[name="${CSS.escape(name)}"]`)).filter((field) => field.type !== "file");
  const valueOf = (box) => {
    const { name } = box.dataset;
    const fields = fieldsOf(box, name);
    if (box.matches(".rank")) return fields.map((field) => field.value).filter(Boolean);
    const ticks = fields.filter((field) => ["radio", "checkbox"].includes(field.type));
    if (!ticks.length) return fields.map((field) => field.value.trim()).find(Boolean) || "";
    const chosen = ticks.filter((field) => field.checked).map((field) => field.value);
    return ticks.some((field) => field.type === "checkbox") ? chosen : chosen[0] || "";
  };
  const isEmpty = (value) => value === "" || value === undefined || (Array.isArray(value) && !value.length);
  const fill = (box, answers) => {
    const { name } = box.dataset;
    const given = [].concat(at(answers, name) === undefined ? [] : at(answers, name)).map(String);
    fieldsOf(box, name).forEach((field, i) => {
      if (["radio", "checkbox"].includes(field.type)) field.checked = given.includes(field.value);
      else field.value = (box.matches(".rank") ? given[i] : given[0]) || "";
    });
    const [other] = fieldsOf(box, `${name}_other`);
    if (other) other.value = at(answers, `${name}_other`) || "";
  };

  const element = (tag, { text, ...given } = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), given);
    if (text !== undefined) made.textContent = text;
    made.append(...inside.filter(Boolean));
    return made;
  };

  /* root: where it is shown; record: the visit as Store has it; checklist: what the site rendered; left(): back to the list */
  const open = async ({ root, record, checklist, say, left }) => {
    const { logic, required } = checklist;
    const uid = record.uid;
    let { answers } = record;
    let isFresh = record.revision === 0 && !Object.keys(answers).length;
    let files = await Store.filesOf(uid);
    let sheet = null;
    let form = null;
    let counts = {};
    let isOpen = true;
    let taking = Promise.resolve(); // what is being captured; a visit is not finished before it
    let recorder = null;
    const counted = (question) => Boolean(logic.questions[question].count);
    const boxes = () => Array.from(form.querySelectorAll(".question"));
    const asked = () => boxes().filter((box) => !box.matches(".note, .repeat") && !box.closest("[hidden]"));
    const placeOf = (name) => name.split(":").slice(0, -1).join(":");

    const status = element("p", { className: "status", role: "status" });
    const fixed = element("p", { className: "fix" });
    const told = () => {
      const found = Capture.place();
      fixed.textContent = found ? say("place_here", { m: Math.round(found.accuracy) }) : say("place_none");
    };

    /* what the page says now, with what it showed before and does not show at present */
    const collect = () => {
      const now = {};
      for (const [name, value] of Object.entries(answers)) if (!form.querySelector(`[data-question="${CSS.escape(name.replace(/_other$/, ""))}"]`)) now[name] = value;
      for (const box of boxes()) {
        const { name, question } = box.dataset;
        if (box.matches(".repeat")) {
          const shown = Number(box.querySelector(":scope > input[type=hidden]").value);
          const before = at(answers, name) || [];
          const kept = at(now, name) || [];
          while (kept.length < shown) kept.push({});
          put(now, name, counted(question) ? kept.concat(before.slice(shown)) : kept);
          continue;
        }
        if (box.matches(".note")) continue;
        const value = valueOf(box);
        if (!isEmpty(value)) put(now, name, value);
        const [other] = fieldsOf(box, `${name}_other`);
        if (other && other.value.trim()) put(now, `${name}_other`, other.value.trim());
      }
      return now;
    };
    /* one after the other, so that the last tap is the last that is kept */
    let line = Promise.resolve();
    const save = (question = "", changes = {}) => {
      answers = collect();
      const mine = answers;
      const step = async () => {
        let isMine = false;
        const kept = await Store.change("visits", uid, (stored) => {
          // another window went on with this visit: what it kept is shown instead
          isMine = Boolean(stored) && stored.revision === record.revision && stored.state === "draft";
          if (!isMine) return undefined;
          return Object.assign(stored, changes, { answers: mine, revision: stored.revision + 1, touched_at: Date.now() }, question ? { question } : {});
        });
        if (!isMine) return overtaken(kept);
        record = kept;
        const time = new Date().toTimeString().slice(0, 5);
        status.classList.remove("wrong");
        status.textContent = say("kept", { time });
        if (record.state === "draft") Sending.draft(record).then((there) => there && (status.textContent = say("kept_there", { time })));
        return record;
      };
      line = line.then(step).catch(() => {
        status.classList.add("wrong");
        status.textContent = say("not_kept");
      });
      return line;
    };
    const overtaken = async (kept) => {
      if (!isOpen) return;
      if (!kept || kept.state !== "draft") return close();
      record = kept;
      ({ answers } = kept);
      files = await Store.filesOf(uid);
      render();
    };

    const wrongWith = (box) => {
      const { name, question } = box.dataset;
      const value = valueOf(box);
      const place = placeOf(name);
      const { kind, message } = logic.questions[question];
      if (isEmpty(value)) return required[question] && sheet.evaluation.holds(required[question], place) ? say("required") : "";
      if (NUMBERS.includes(kind) && Number.isNaN(Expressions.typed(value))) return say("no_number");
      if (!sheet.evaluation.fits(question, place)) return message || say("no_fit");
      const [other] = fieldsOf(box, `${name}_other`);
      return other && value === "other" && !other.value.trim() ? say("required") : "";
    };
    const finish = element("button", { type: "button", className: "next", id: "finish" });
    const look = () => {
      for (const group of form.querySelectorAll(".group")) group.hidden = !group.querySelector(".question:not([hidden])");
      const left_ = asked().filter(wrongWith).length;
      finish.textContent = left_ ? say("left", { n: left_ }) : say("finish");
      finish.classList.toggle("ready", !left_);
    };
    const mark = (box, text) => {
      const error = box.querySelector(":scope > .error");
      if (error) error.textContent = text;
    };
    const show = (box) => {
      if (!box) return;
      box.scrollIntoView({ block: "center" });
      const field = box.querySelector("input:not([type=hidden]), select, textarea, button");
      if (field) field.focus({ preventScroll: true });
    };
    finish.addEventListener("click", async () => {
      const wrong = asked().filter(wrongWith);
      for (const box of wrong) mark(box, wrongWith(box));
      if (wrong.length) return show(wrong[0]);
      finish.disabled = true;
      if (recorder) await new Promise((resolve) => recorder.addEventListener("stop", resolve) || recorder.stop());
      await taking.catch(() => {});
      const done = await save("", { state: "finished", ended_at: new Date().toISOString(), capturing: null, problems: [] });
      finish.disabled = false;
      if (!done || done.state !== "finished") return;
      close();
      Sending.go();
    });

    /* counted repeats have as many instances as the logic says; true where that changed */
    const recount = () => {
      let changed = false;
      for (const box of boxes().filter((one) => one.matches(".repeat") && counted(one.dataset.question))) {
        const { name, question } = box.dataset;
        const wanted = sheet.evaluation.partsOf(question, placeOf(name));
        changed = changed || wanted !== Number(box.querySelector(":scope > input[type=hidden]").value);
        counts[name] = wanted;
      }
      return changed;
    };
    const wanted = (name) => (name in counts ? counts[name] : (at(answers, name) || []).length);

    /* files: buttons in place of the browser's own field, and what was captured */
    const captures = (question, kinds) => {
      const shelf = element("ul", { className: "shelf" });
      const say_ = element("p", { className: "error", role: "alert" });
      const buttons = element("div", { className: "ways" });
      const block = element("div", { className: "capture" }, buttons, say_, shelf);
      const draw = () => {
        shelf.replaceChildren();
        for (const file of files.filter((one) => one.question === question)) shelf.append(item(file, draw));
      };
      const take = (chosen, kind, source) => (taking = taking.catch(() => {}).then(() => taken(chosen, kind, source)));
      const taken = async (chosen, kind, source) => {
        say_.textContent = "";
        for (const file of Array.from(chosen)) {
          let kept = null;
          try {
            kept = await Capture.keep({ uid, question, kind, source, file });
          } catch (full) {
            kept = { wrong: ["not_kept", {}] };
          }
          if (kept.wrong) say_.textContent = `${file.name || ""} ${say(...kept.wrong)}`;
          else if (question) setUpload(question, kept.sha256);
        }
        files = await Store.filesOf(uid);
        draw();
        await save(question, { capturing: null });
        refresh();
      };
      for (const [kind, source, label, camera] of kinds) {
        const input = element("input", { type: "file", accept: ACCEPT[kind], hidden: true, multiple: !question && source === "gallery" });
        if (camera) input.setAttribute("capture", camera);
        input.dataset.kind = kind;
        input.dataset.source = source;
        input.addEventListener("change", async () => {
          await take(input.files, kind, source);
          input.value = "";
        });
        input.addEventListener("cancel", () => save(question, { capturing: null }));
        const button = element("button", { type: "button", text: say(label) });
        button.addEventListener("click", async () => {
          if (kind === "voice" && (await memo(button, (file) => take([file], "voice", "camera")))) return;
          await save(question, { capturing: { question, kind } }); // the phone may throw the page away while its camera is open
          input.click();
        });
        buttons.append(element("span", {}, button, input));
      }
      draw();
      return block;
    };
    /* a voice memo by the browser's own recorder; false where there is none */
    const memo = async (button, done) => {
      if (recorder) {
        recorder.stop();
        return true;
      }
      if (!window.MediaRecorder || !navigator.mediaDevices) return false;
      let sound;
      try {
        sound = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch (refused) {
        return false;
      }
      const label = button.textContent;
      const began = Date.now();
      const pieces = [];
      const clock = setInterval(() => (button.textContent = say("stop", { s: Math.round((Date.now() - began) / 1000) })), 500);
      recorder = new MediaRecorder(sound);
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      recorder.onstop = () => {
        clearInterval(clock);
        button.textContent = label;
        for (const track of sound.getTracks()) track.stop();
        const type = recorder.mimeType || "audio/webm";
        recorder = null;
        done(new File(pieces, `memo.${/mp4/.test(type) ? "m4a" : "webm"}`, { type: type.split(";")[0] }));
      };
      recorder.start();
      button.textContent = say("stop", { s: 0 });
      return true;
    };
    const item = (file, draw) => {
      const kb = Math.max(1, Math.round(file.size / 1024));
      const words = file.kind === "code" ? file.text : `${say(`is_${file.kind}`)} · ${say("taken_at", { time: new Date(file.at).toTimeString().slice(0, 5), kb })}`;
      const line_ = element("li", { className: "file" }, element("span", { text: words }));
      line_.dataset.sha256 = file.sha256;
      if (["photo", "screenshot"].includes(file.kind) && file.blob) Capture.thumbnail(file.blob).then((canvas) => line_.prepend(canvas)).catch(() => {});
      if (record.announced && record.announced.includes(file.sha256)) return line_; // what was sent stays
      const remove = element("button", { type: "button", className: "less", text: say("remove") });
      remove.addEventListener("click", async () => {
        if (remove.dataset.sure === undefined) {
          remove.dataset.sure = "";
          remove.textContent = say("sure");
          return;
        }
        await Store.remove("files", file.id);
        files = await Store.filesOf(uid);
        const rest = files.filter((one) => one.question === file.question).pop();
        if (file.question) setUpload(file.question, rest ? rest.sha256 : "");
        draw();
        await save(file.question);
        refresh();
      });
      line_.append(remove);
      return line_;
    };
    const setUpload = (name, sha256) => {
      const box = boxes().find((one) => one.dataset.name === name);
      const [field] = box ? fieldsOf(box, name) : [];
      if (field) field.value = sha256;
      if (box) mark(box, "");
    };
    const UPLOADS = {
      image: [["photo", "camera", "photo", "environment"], ["photo", "gallery", "gallery"]],
      audio: [["voice", "camera", "voice", "user"], ["voice", "gallery", "choose_file"]],
      video: [["recording", "camera", "film", "environment"], ["recording", "gallery", "choose_file"]],
      file: [["photo", "camera", "photo", "environment"], ["photo", "gallery", "gallery"]],
    };
    const uploads = () => {
      for (const box of boxes().filter((one) => one.matches(".upload"))) {
        const { name, question } = box.dataset;
        const field = box.querySelector("input[type=file]");
        const value = element("input", { type: "hidden", name, value: String(at(answers, name) || "") });
        const block = captures(name, UPLOADS[logic.questions[question].kind]);
        if (box.querySelector("canvas.sign")) {
          field.hidden = true; // the drawing lands there, and is kept like a photo
          field.addEventListener("change", async () => {
            if (!field.files.length) return;
            const kept = await Capture.keep({ uid, question: name, kind: "photo", source: "camera", file: field.files[0] });
            files = await Store.filesOf(uid);
            if (kept.sha256) setUpload(name, kept.sha256);
            await save(name);
            refresh();
          });
          box.append(value);
        } else field.replaceWith(value, block);
      }
    };
    const proof = () => {
      const block = captures("", [
        ["photo", "camera", "photo", "environment"],
        ["photo", "gallery", "gallery"],
        ["screenshot", "gallery", "screenshot"],
        ["recording", "gallery", "film"],
        ["voice", "camera", "voice", "user"],
      ]);
      const typed = element("input", { type: "text", maxLength: 4000, autocomplete: "off", inputMode: "url", placeholder: say("code_typed") });
      typed.setAttribute("aria-label", say("code_typed"));
      const add = element("button", { type: "button", text: say("code_add") });
      const why = element("p", { className: "error", role: "alert" });
      const keep = (text, source) => (taking = taking.catch(() => {}).then(() => kept(text, source)));
      const kept = async (text, source) => {
        if (!text.trim()) return;
        const file = new File([text], "code.txt", { type: "text/plain" });
        await Capture.keep({ uid, question: "", kind: "code", source, file, text });
        typed.value = "";
        files = await Store.filesOf(uid);
        section.replaceWith((section = proof()));
        await save("", { capturing: null });
      };
      add.addEventListener("click", () => keep(typed.value, "gallery"));
      const scan = element("input", { type: "file", accept: ACCEPT.photo, hidden: true });
      scan.setAttribute("capture", "environment");
      scan.dataset.kind = "code";
      const shoot = element("button", { type: "button", text: say("code_photo"), hidden: !("BarcodeDetector" in window) });
      shoot.addEventListener("click", async () => {
        await save("", { capturing: { question: "", kind: "code" } });
        scan.click();
      });
      scan.addEventListener("change", async () => {
        const [file] = scan.files;
        await Capture.keep({ uid, question: "", kind: "photo", source: "camera", file }); // the picture is proof whatever is read in it
        const text = await Capture.decoded(file);
        if (text) return keep(text, "camera");
        files = await Store.filesOf(uid);
        section.replaceWith((section = proof()));
        section.querySelector(".code .error").textContent = say("code_none");
        await save("", { capturing: null });
      });
      const code = element("div", { className: "code" }, element("h3", { text: say("code") }), shoot, scan, typed, add, why);
      return element("section", { className: "proof" }, element("h2", { text: say("proof") }), element("p", { className: "hint", text: say("proof_hint") }), block, code);
    };

    const refresh = () => {
      sheet.refresh();
      if (recount()) {
        answers = collect();
        render();
        return;
      }
      look();
    };
    let section = null;
    let nested = 0;
    const render = () => {
      form = element("form", { className: "visit", noValidate: true });
      form.innerHTML = checklist.html; // rendered by the site, with every text escaped there
      for (const box of Array.from(form.querySelectorAll(".group > .repeat"))) expand(box, counted, wanted);
      uploads();
      if (!isFresh) for (const box of boxes()) if (!box.matches(".note, .repeat")) fill(box, answers);
      const host = root.querySelector("main");
      section = proof();
      host.replaceChildren(...problems(), form, section);
      sheet = Sheet(form, Object.assign({ seed: uid.replace(/-/g, ""), started: record.begun_at, answers: {} }, logic));
      if (isFresh) initial();
      if (recount() && nested < 5) {
        nested += 1;
        answers = collect();
        render();
        nested -= 1;
        return;
      }
      isFresh = false;
      sheet.refresh();
      look();
      listen();
    };
    /* defaults that are worked out when a question is first shown */
    const initial = () => {
      for (const box of boxes().filter((one) => logic.questions[one.dataset.question].initial && !logic.questions[one.dataset.question].calculation)) {
        const { name, question } = box.dataset;
        const worth = Expressions.text(sheet.evaluation.initial(question, placeOf(name)));
        const kept = {};
        put(kept, name, ["select_multiple", "rank"].includes(logic.questions[question].kind) ? worth.split(/\s+/).filter(Boolean) : worth);
        fill(box, kept);
      }
    };
    const problems = () => {
      const list = [];
      if (record.capturing) list.push(element("p", { className: "notice", text: say("camera_open") }));
      if ((record.problems || []).length) {
        const label = ({ where }) => {
          const box = where && form.querySelector(`.question[data-name="${CSS.escape(where)}"]`);
          return box ? (box.querySelector("legend") || box).textContent.trim() : where;
        };
        const lines = record.problems.map((one) => element("li", { text: `${label(one)} ${one[document.documentElement.lang === "en" ? "en" : "zh-Hans"]}` }));
        list.push(element("div", { className: "errors" }, element("ul", {}, ...lines)));
      }
      return list;
    };
    const listen = () => {
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", (event) => {
        if (event.target.type === "file") return;
        const box = event.target.closest ? event.target.closest(".question") : null;
        save(box ? box.dataset.name : "");
        if (recount()) {
          const here = box && box.dataset.name;
          answers = collect();
          render();
          if (here) show(boxes().find((one) => one.dataset.name === here));
          return;
        }
        look();
      });
      form.addEventListener("click", (event) => {
        const button = event.target.closest("button[name=go]");
        if (!button) return;
        event.preventDefault();
        const repeat = button.closest(".repeat");
        const { name } = repeat.dataset;
        answers = collect();
        const parts = (at(answers, name) || []).slice();
        if (button.matches(".more")) parts.push({});
        else parts.splice(Array.from(repeat.querySelectorAll(":scope > .part")).indexOf(button.closest(".part")), 1);
        put(answers, name, parts.slice(0, 50));
        render();
        save(name);
        const last = boxes().find((one) => one.dataset.name === name);
        if (button.matches(".more") && last) Array.from(last.querySelectorAll(":scope > .part")).pop().scrollIntoView({ block: "start" });
      });
      form.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target.matches("textarea, button, summary")) return;
        event.preventDefault();
        if (event.isComposing || event.keyCode === 229) return; // it ends a word that is being put together
        const every = asked();
        show(every[every.indexOf(event.target.closest(".question")) + 1]);
      });
    };

    const back = element("button", { type: "button", className: "back", text: say("back") });
    back.addEventListener("click", () => line.then(close));
    const close = () => {
      isOpen = false;
      if (recorder) recorder.stop();
      Capture.rest();
      left();
    };
    root.replaceChildren(
      element("header", {}, element("div", {}, element("h1", { text: record.assignment.site.name }), element("p", { className: "hint", text: record.assignment.site.address || record.assignment.site.area }))),
      element("main", {}),
      element("footer", {}, element("div", { className: "line" }, status, fixed), element("div", { className: "line" }, back, finish)),
    );
    for (const file of files.filter((one) => !one.sha256)) {
      const kept = await Capture.finish(file); // the page was closed before it was hashed
      if (kept.sha256 && file.question) {
        put(answers, file.question, kept.sha256);
        isFresh = false;
      }
    }
    files = await Store.filesOf(uid);
    render();
    told();
    Capture.watch(told);
    if (record.kept_here) status.textContent = say("kept", { time: new Date(record.touched_at).toTimeString().slice(0, 5) });
    if (record.question) show(boxes().find((box) => box.dataset.name === record.question));
    return { close };
  };
  return { open, element };
})();
