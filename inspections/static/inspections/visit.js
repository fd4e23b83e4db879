/* One visit on the phone: the checklist of its version, kept after every tap, with everything that is captured. */
"use strict";
(async () => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const { lang: language, dataset } = document.documentElement;
  const base = dataset.base;
  const main = document.querySelector("main");
  const said = document.getElementById("said");
  const make = (tag, text = "", given = {}) => Object.assign(document.createElement(tag), { textContent: text }, given);
  const stop = (text) => said.replaceChildren(make("p", text, { className: "wrong" }));
  const uid = location.hash.slice(1);

  if (!window.indexedDB || !crypto.subtle || !(await Store.works())) return stop(words.no_storage);
  if (navigator.storage && navigator.storage.estimate) {
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < 100 * 1024 * 1024) return stop(words.full);
  }
  /* what stands here, or was kept on the server when the page was thrown away */
  const known = (await Store.get("kept", "phone")) || { assignments: [] };
  let about = known.assignments.find((one) => one.uid === uid);
  let draft = await Store.get("drafts", uid);
  if (!about && draft) about = draft.about;
  if (!about) return stop(words.unknown);
  const fresh = !draft || (draft.state === "safe" && about.returned);
  if (draft && !fresh && draft.state !== "open") return stop(words.sent_already);
  if (fresh) {
    draft = { assignment: uid, uid: crypto.randomUUID(), about, version: about.version, answers: about.answers || {}, begun_at: new Date().toISOString(), state: "open", revision: 0, question: "" };
  }
  /* the server may know more: the other browser, or WeChat before it forgot */
  const kept = await Sending.api(`drafts/${uid}/`).catch(() => null);
  if (kept && kept.revision > draft.revision) {
    Object.assign(draft, { answers: kept.answers, question: kept.question, version: kept.version, begun_at: kept.begun_at, revision: kept.revision });
  }
  const name = `checklist:${draft.version}:${language}`;
  let form = await Store.get("kept", name);
  if (!form) {
    try {
      form = await Sending.api(`checklists/${draft.version}/?language=${language}`);
      await Store.put("kept", name, form);
    } catch (error) {
      return stop(words.no_checklist);
    }
  }
  document.getElementById("site").textContent = about.site;
  if (about.note && about.returned) said.append(make("p", `${words.returned} ${about.note}`, { className: "wrong" }));
  main.insertAdjacentHTML("beforeend", form.html);
  const sheet = document.getElementById("sheet");
  sheet.append(document.getElementById("proof").content.cloneNode(true));
  const pages = Array.from(sheet.querySelectorAll(".page"));
  const required = new Set(JSON.parse(document.getElementById("required").textContent));

  /* where the phone is, as it knows by now; asked for once, at the beginning */
  let fix = null;
  if (navigator.geolocation) {
    navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        fix = { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy, timestamp };
        if (!draft.place) draft.place = here();
      },
      () => {},
      { enableHighAccuracy: true, maximumAge: 15000, timeout: 30000 },
    );
  }
  const here = () => fix && { latitude: fix.latitude, longitude: fix.longitude, accuracy: fix.accuracy, age: Math.max(0, Math.round((Date.now() - fix.timestamp) / 1000)) };

  /* instances of repeats are copies of the one that came with the form */
  const moulds = new Map();
  const adopt = (part) => {
    for (const repeat of Array.from(part.querySelectorAll(".repeat")).reverse()) {
      const [first] = repeat.querySelectorAll(":scope > .part");
      if (!moulds.has(repeat.dataset.question)) moulds.set(repeat.dataset.question, first.cloneNode(true));
      first.remove();
      repeat.querySelector(':scope > input[name$=":count"]').value = 0;
    }
  };
  const grow = (repeat, count) => {
    const counter = repeat.querySelector(':scope > input[name$=":count"]');
    const parts = () => Array.from(repeat.querySelectorAll(":scope > .part"));
    while (parts().length > count) parts().pop().remove();
    while (parts().length < count) {
      const at = parts().length;
      const part = moulds.get(repeat.dataset.question).cloneNode(true);
      const own = `${repeat.dataset.question}:0`;
      const wanted = `${repeat.dataset.name}:${at}`;
      for (const one of [part, ...part.querySelectorAll("*")]) {
        for (const { name: attribute, value } of Array.from(one.attributes)) {
          const found = value.indexOf(own);
          if (["name", "value", "id", "data-name", "aria-describedby"].includes(attribute) && found >= 0) {
            const begin = value.slice(0, found).match(/^(q-|e-|h-|add:|remove:)?/)[0];
            one.setAttribute(attribute, begin + wanted + value.slice(found + own.length));
          }
        }
      }
      part.setAttribute("aria-label", `${part.getAttribute("aria-label").replace(/\d+$/, "")}${at + 1}`);
      const number = part.querySelector(".number");
      if (number) number.firstChild.textContent = `${repeat.querySelector(".legend").textContent} ${at + 1} `;
      const less = part.querySelector(":scope > .number .less");
      if (less) less.value = `remove:${repeat.dataset.name}:${at}`;
      (parts().pop() || counter).after(part);
      if (sheet.sheet) sheet.sheet.equip(part);
      equip(part);
    }
    counter.value = count;
  };
  const countsOf = () => {
    for (const repeat of sheet.querySelectorAll(".repeat")) {
      const { evaluation, placeOf } = sheet.sheet;
      if (repeat.querySelector(":scope > p > .more")) continue;
      const wanted = evaluation.partsOf(repeat.dataset.question, placeOf(repeat));
      if (repeat.querySelectorAll(":scope > .part").length !== wanted) {
        grow(repeat, wanted);
        look();
      }
    }
  };
  const look = () => {
    sheet.sheet.scan();
    sheet.sheet.refresh();
  };

  /* the answers as the association takes them: what is hidden is not asked */
  const put = (answers, path, value) => {
    let inner = answers;
    for (let i = 0; i < path.length - 1; i += 2) {
      const instances = (inner[path[i]] = inner[path[i]] || []);
      while (instances.length <= Number(path[i + 1])) instances.push({});
      inner = instances[Number(path[i + 1])];
    }
    inner[path[path.length - 1]] = value;
  };
  const valueOf = (box) => {
    const fields = Array.from(box.querySelectorAll(`[name="${CSS.escape(box.dataset.name)}"]`)).filter((field) => field.type !== "file");
    if (!fields.length) return undefined;
    if (fields[0].type === "checkbox" || box.classList.contains("rank")) {
      return fields.filter((field) => (field.type === "checkbox" ? field.checked : field.value)).map((field) => field.value);
    }
    const chosen = fields[0].type === "radio" ? fields.find((field) => field.checked) : fields[0];
    return chosen ? chosen.value.trim() : "";
  };
  const collect = () => {
    const answers = {};
    for (const box of sheet.querySelectorAll(".question[data-question]")) {
      if (box.closest(".question[hidden]")) continue;
      const path = box.dataset.name.split(":");
      if (box.classList.contains("repeat")) {
        const count = Number(box.querySelector(':scope > input[name$=":count"]').value);
        if (count) put(answers, [...path, String(count - 1), "x"], undefined);
        continue;
      }
      const value = valueOf(box);
      if (value === undefined || value === "" || value.length === 0) continue;
      put(answers, path, value);
      const other = box.querySelector(`[name="${CSS.escape(box.dataset.name)}_other"]`);
      if (other && other.value) put(answers, [...path.slice(0, -1), `${path[path.length - 1]}_other`], other.value);
    }
    return JSON.parse(JSON.stringify(answers));
  };
  const restore = (answers, prefix = "") => {
    for (const [name, value] of Object.entries(answers)) {
      const field = prefix + name;
      const box = sheet.querySelector(`.question[data-name="${CSS.escape(field)}"]`);
      if (box && box.classList.contains("repeat")) {
        grow(box, value.length);
        value.forEach((instance, at) => restore(instance, `${field}:${at}:`));
        continue;
      }
      const inputs = Array.from(sheet.querySelectorAll(`[name="${CSS.escape(field)}"]`)).filter((input) => input.type !== "file");
      const texts = [].concat(value).map(String);
      inputs.forEach((input, at) => {
        if (input.type === "radio" || input.type === "checkbox") input.checked = texts.includes(input.value);
        else input.value = (box && box.classList.contains("rank") ? texts[at] : texts[0]) || "";
      });
    }
  };

  let timer = null;
  const save = async () => {
    draft.answers = collect();
    draft.revision += 1;
    await Store.put("drafts", uid, draft);
    clearTimeout(timer);
    timer = setTimeout(mirror, 800);
  };
  /* online the server has it too; without network it has it later */
  const mirror = async () => {
    const files = (await Sending.filesOf(uid)).map(Sending.file);
    const { version, answers, question, revision, begun_at } = draft;
    await Sending.api(`drafts/${uid}/`, { method: "PUT", body: { version, answers, files, question, revision, begun_at } }).catch(() => null);
  };

  /* a file is kept before anything else is done with it: the page may be thrown away at any moment */
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const KINDS = { image: "photo", video: "recording", audio: "voice" };
  const capture = async (blob, { source, question = "", kind, text = "" }) => {
    const one = {
      id: crypto.randomUUID(),
      assignment: uid,
      blob,
      size: blob.size,
      name: blob.name || `${kind}.txt`,
      media_type: blob.type,
      kind: kind || KINDS[blob.type.split("/")[0]] || "photo",
      source,
      question,
      text,
      at: new Date().toISOString(),
      place: here(),
    };
    await Store.put("files", one.id, one);
    one.sha256 = await hash(blob);
    await Store.put("files", one.id, one);
    return one;
  };
  const taken = async (input, source) => {
    const box = input.closest(".question");
    const error = box ? box.querySelector(":scope > .error") : sheet.querySelector(".proof .error");
    error.textContent = "";
    for (const blob of Array.from(input.files)) {
      if (/\.hei[cf]$/i.test(blob.name) || /hei[cf]/.test(blob.type)) {
        error.textContent = words.heic;
        continue;
      }
      try {
        const one = await capture(blob, { source, question: box ? box.dataset.name : "", kind: input.dataset.kind });
        if (box) box.querySelector(`input[type=hidden][name="${CSS.escape(box.dataset.name)}"]`).value = one.sha256;
      } catch (failed) {
        error.textContent = words.not_kept;
      }
    }
    input.value = "";
    await save();
    await thumbnails();
    sheet.dispatchEvent(new Event("input"));
  };
  const thumbnails = async () => {
    const files = (await Store.all("files")).filter((one) => one.assignment === uid);
    for (const shelf of sheet.querySelectorAll(".shelf")) {
      const own = files.filter((one) => one.question === shelf.dataset.question);
      shelf.replaceChildren(
        ...own.map((one) => {
          const item = make("li");
          if (["photo", "screenshot"].includes(one.kind)) item.append(Object.assign(new Image(), { src: URL.createObjectURL(one.blob), alt: one.name }));
          else item.append(make("span", one.text || one.name));
          const away = make("button", "×", { type: "button", className: "away" });
          away.setAttribute("aria-label", words.take_away);
          away.addEventListener("click", async () => {
            if (!confirm(words.sure)) return;
            await Store.remove("files", one.id);
            const field = sheet.querySelector(`input[type=hidden][name="${CSS.escape(one.question || "-")}"]`);
            if (field && field.value === one.sha256) field.value = "";
            await save();
            await thumbnails();
          });
          item.append(away);
          return item;
        }),
      );
    }
  };
  /* every question that takes a file: one button for the camera, one for what the phone has already */
  const equip = (part) => {
    for (const field of part.querySelectorAll('.upload input[type="file"]:not([data-kind])')) {
      const box = field.closest(".question");
      const kind = { "image/*": "photo", "video/*": "recording", "audio/*": "voice" }[field.accept] || (field.accept.startsWith("image") ? "photo" : "recording");
      const shelf = make("ul", "", { className: "shelf" });
      shelf.dataset.question = box.dataset.name;
      const value = make("input", "", { type: "hidden", name: box.dataset.name });
      const button = (text, given, source) => {
        const input = make("input", "", { type: "file", accept: kind === "photo" ? "image/*" : field.accept, ...given });
        input.dataset.kind = kind;
        input.addEventListener("click", save);
        input.addEventListener("change", () => taken(input, source));
        const label = make("label", text, { className: "take" });
        label.append(input);
        return label;
      };
      field.replaceWith(value, button(words.camera, { capture: "environment" }, "camera"), button(words.gallery, {}, "gallery"), shelf);
    }
  };
  for (const input of sheet.querySelectorAll(".proof input[type=file]")) {
    input.addEventListener("click", save);
    input.addEventListener("change", () => taken(input, input.dataset.source));
  }
  const code = sheet.querySelector(".proof [name=code]");
  const scan = sheet.querySelector(".proof .scan-code");
  const noted = async (text) => {
    if (!text.trim()) return;
    await capture(new File([text.trim()], "code.txt", { type: "text/plain" }), { source: "camera", kind: "code", text: text.trim() });
    code.value = "";
    await save();
    await thumbnails();
  };
  sheet.querySelector(".proof .note-code").addEventListener("click", () => noted(code.value));
  if ("BarcodeDetector" in window) {
    scan.closest("label").hidden = false;
    scan.addEventListener("change", async () => {
      const [found] = scan.files.length ? await new BarcodeDetector().detect(await createImageBitmap(scan.files[0])) : [];
      if (found) await noted(found.rawValue);
      else sheet.querySelector(".proof .error").textContent = words.no_code;
      scan.value = "";
    });
  }

  adopt(sheet);
  equip(sheet);
  restore(draft.answers);
  const script = make("script", "", { src: dataset.fill });
  await new Promise((resolve, reject) => {
    sheet.addEventListener("ready", resolve, { once: true });
    script.onerror = reject;
    document.body.append(script);
  });
  look();
  countsOf();

  /* one section at a time; forward only when what it asks is answered */
  const shown = () => pages.filter((page) => page.classList.contains("proof") || page.querySelector(".question:not([hidden])"));
  let at = 0;
  const turn = (page) => {
    at = Math.max(0, pages.indexOf(page));
    pages.forEach((each, i) => (each.hidden = i !== at));
    const every = shown();
    document.getElementById("progress").value = (100 * every.indexOf(page)) / Math.max(1, every.length - 1);
    document.getElementById("back").hidden = page === every[0];
    document.getElementById("next").textContent = page === every[every.length - 1] ? words.finish : words.next;
    window.scrollTo(0, 0);
  };
  const wrongIn = (page) => {
    const wrong = [];
    for (const box of page.querySelectorAll("fieldset.question:not([hidden])")) {
      if (box.parentElement.closest(".question[hidden]")) continue;
      const error = box.querySelector(":scope > .error");
      const value = valueOf(box);
      const isEmpty = value === undefined || value.length === 0;
      if (required.has(box.dataset.question) && isEmpty) error.textContent = words.required;
      else if (error.textContent === words.required) error.textContent = "";
      if (!isEmpty) sheet.sheet.check(box);
      if (error.textContent) wrong.push(box);
    }
    return wrong;
  };
  const go = (page) => {
    const [first] = wrongIn(page);
    if (!first) return true;
    first.scrollIntoView({ block: "center" });
    const field = first.querySelector("input:not([type=hidden]), select, textarea");
    if (field) field.focus({ preventScroll: true });
    return false;
  };
  sheet.addEventListener("input", (event) => {
    countsOf();
    const box = event.target.closest && event.target.closest(".question");
    if (box) draft.question = box.dataset.name;
    save();
  });
  sheet.addEventListener("submit", (event) => event.preventDefault());
  sheet.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=go]");
    if (!button) return;
    event.preventDefault();
    const repeat = button.closest(".repeat");
    const parts = Array.from(repeat.querySelectorAll(":scope > .part"));
    if (button.classList.contains("more")) grow(repeat, parts.length + 1);
    else {
      if (!confirm(words.sure)) return;
      const number = parts.indexOf(button.closest(".part"));
      const all = collect();
      const path = repeat.dataset.name.split(":");
      const inner = path.slice(0, -1).reduce((found, step) => (found || {})[step], all) || all;
      const kept = (inner[path[path.length - 1]] || []).filter((_one, i) => i !== number);
      grow(repeat, 0);
      grow(repeat, parts.length - 1);
      kept.forEach((instance, i) => restore(instance, `${repeat.dataset.name}:${i}:`));
    }
    look();
    save();
  });
  document.getElementById("back").addEventListener("click", () => {
    const every = shown();
    turn(every[Math.max(0, every.indexOf(pages[at]) - 1)]);
  });
  document.getElementById("next").addEventListener("click", async () => {
    if (!go(pages[at])) return;
    const every = shown();
    const next = every[every.indexOf(pages[at]) + 1];
    if (next) return turn(next);
    const open = every.find((page) => wrongIn(page).length);
    if (open) return turn(open), go(open);
    clearTimeout(timer);
    await save();
    clearTimeout(timer);
    Object.assign(draft, { state: "ready", ended_at: new Date().toISOString(), uid: draft.refused ? crypto.randomUUID() : draft.uid, refused: null });
    await Store.put("drafts", uid, draft);
    location.href = base;
  });
  document.getElementById("leave").addEventListener("click", async (event) => {
    event.preventDefault();
    await save();
    location.href = base;
  });
  await Store.put("drafts", uid, draft);
  await thumbnails();
  for (const error of draft.refused || []) {
    const box = sheet.querySelector(`.question[data-name="${CSS.escape(error.where)}"]`);
    if (box) box.querySelector(":scope > .error").textContent = error[language] || error["zh-Hans"];
    else said.append(make("p", `${error.where} ${error[language] || error["zh-Hans"]}`, { className: "wrong" }));
  }
  const last = draft.question && sheet.querySelector(`.question[data-name="${CSS.escape(draft.question)}"]`);
  turn((last && last.closest(".page")) || shown()[0]);
  if (last) last.scrollIntoView({ block: "center" });
  document.body.dataset.ready = "1";
})();
