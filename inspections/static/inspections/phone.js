/* The first page of the phone: what is to be visited, and where each visit is: on this phone, on its way, safe. */
"use strict";
(async () => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const base = document.documentElement.dataset.base;
  const app = document.documentElement.dataset.app;
  const list = document.getElementById("assignments");
  const said = document.getElementById("said");
  const make = (tag, text = "", given = {}) => Object.assign(document.createElement(tag), { textContent: text }, given);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const show = (text, kind = "") => said.append(make("p", text, { className: kind }));

  if (!window.indexedDB || !window.crypto || !crypto.subtle || !(await Store.works())) return show(words.no_storage, "wrong");
  const mark = location.hash.slice(1);
  if (/^md_[\w-]{43}$/.test(mark)) {
    await Store.put("kept", "token", mark);
    history.replaceState(null, "", location.pathname);
  }
  const token = await Store.get("kept", "token");
  if (!token) return show(words.no_token, "wrong");
  if (/MicroMessenger/i.test(navigator.userAgent) || !("serviceWorker" in navigator)) show(words.wechat);
  else {
    navigator.serviceWorker.register("/i/sw.js", { scope: "/i/" }).catch(() => show(words.wechat));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  }

  const state = (draft, files) => {
    if (!draft) return "";
    if (draft.state === "safe") return words.safe;
    if (draft.refused && draft.refused.length) return words.refused;
    if (draft.state === "open") return words.under_way;
    if (draft.state === "ready") return fill(words.here, { n: files });
    return fill(words.sending, { sent: draft.count - draft.missing.length, count: draft.count });
  };
  const card = (one, draft, files) => {
    const item = make("li");
    const isSafe = draft && draft.state === "safe" && !one.returned;
    item.append(make("h2", one.site), make("p", [one.kind, one.area, one.address].filter(Boolean).join(" · "), { className: "hint" }));
    const facts = [one.purpose_text, one.due_on && fill(words.until, { day: one.due_on }), one.partner && fill(words.with, { name: one.partner })];
    item.append(make("p", facts.filter(Boolean).join(" · ")));
    if (one.returned && !(draft && draft.state !== "safe")) item.append(make("p", `${words.returned} ${one.note}`, { className: "wrong" }));
    const text = one.returned && draft && draft.state === "safe" ? "" : state(draft, files);
    if (text) item.append(make("p", text, { className: isSafe ? "state safe" : "state" }));
    for (const error of (draft && draft.refused) || []) item.append(make("p", `${error.where} ${error[document.documentElement.lang] || error["zh-Hans"]}`, { className: "wrong" }));
    if (!isSafe && (!draft || draft.state === "open" || draft.state === "safe")) {
      const label = draft && draft.state === "open" ? words.go_on : one.returned ? words.mend : words.begin;
      item.append(make("a", label, { className: "button", href: `${base}visit/#${one.uid}` }));
    }
    return item;
  };
  const render = async () => {
    const known = (await Store.get("kept", "phone")) || { assignments: [] };
    const drafts = new Map((await Store.all("drafts")).map((draft) => [draft.assignment, draft]));
    const files = await Store.all("files");
    const count = (uid) => files.filter((one) => one.assignment === uid).length;
    const shown = known.assignments.slice();
    for (const draft of drafts.values()) if (!shown.some(({ uid }) => uid === draft.assignment)) shown.push({ ...draft.about, uid: draft.assignment, returned: false });
    list.replaceChildren(...shown.map((one) => card(one, drafts.get(one.uid), count(one.uid))));
    document.getElementById("empty").hidden = shown.length > 0;
    document.getElementById("owner").textContent = known.owner || "";
    const waiting = Array.from(drafts.values()).filter(({ state }) => state === "ready" || state === "recorded").length;
    const queue = document.getElementById("queue");
    queue.hidden = !waiting;
    queue.querySelector("p").textContent = fill(navigator.onLine ? words.queue : words.queue_offline, { n: waiting });
  };
  /* what was safe a week ago needs not be shown any more */
  const tidy = async () => {
    const old = Date.now() - 7 * 86400000;
    for (const draft of await Store.all("drafts")) if (draft.state === "safe" && Date.parse(draft.safe_at) < old) await Store.remove("drafts", draft.assignment);
  };
  const ask = async () => {
    said.querySelectorAll(".asked").forEach((one) => one.remove());
    try {
      const known = await Sending.api(`?unsent=${await Sending.unsent()}&app=${app}`);
      await Store.put("kept", "phone", known);
      /* everything that a visit needs lies on the phone before anybody goes into a basement */
      const language = document.documentElement.lang;
      for (const version of new Set(known.assignments.map((one) => one.version))) {
        await Store.put("kept", `checklist:${version}:${language}`, await Sending.api(`checklists/${version}/?language=${language}`));
      }
    } catch (error) {
      if (error.status === 401) show(words.shut_out, "asked wrong");
      else if (!error.status) show(words.offline, "asked");
      else show(error.message, "asked wrong");
    }
    await render();
  };
  window.addEventListener("sent", render);
  window.addEventListener("online", ask);
  document.getElementById("again").addEventListener("click", () => Sending.run().then(ask));
  await tidy();
  await render();
  await ask();
  await Sending.run();
  await ask();
})();
