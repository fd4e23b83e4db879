/* The first page on the phone: where to go today, and where each record is. */
"use strict";
(() => {
  const WORDS = JSON.parse(document.getElementById("words").textContent);
  const CONFIG = JSON.parse(document.getElementById("config").textContent);
  const KEEPS = 14 * 86400000; // ms that a visit is still shown after it has arrived
  const LEAST = 50; // MB without which no visit is begun
  const DAY = 86400000;
  const { element } = Visit;
  const root = document.getElementById("app");
  const isWechat = /MicroMessenger/i.test(navigator.userAgent);
  let language = "zh-Hans";
  let keeps = true; // whether this browser keeps anything
  let persistent = true;
  let sent = {}; // what the sender says
  let list = null; // what the site said last
  let showing = null; // the visit that is open
  let hasNews = false;

  const say = (name, values = {}) => WORDS[name][language].replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
  const speak = async (chosen) => {
    language = chosen;
    document.documentElement.lang = chosen === "en" ? "en" : "zh-Hans";
    document.title = `${chosen === "en" ? "Mingcha" : "明察"} · ${say("name")}`;
  };

  /* ---- what the site knows */
  const nameOf = (campaign, version, spoken) => `${campaign}:${version}:${spoken}`;
  const fetchChecklist = async (campaign, version) => {
    for (const spoken of ["zh-Hans", "en"]) {
      const key = nameOf(campaign, version, spoken);
      if (await Store.get("checklists", key)) continue;
      const { status, content } = await Sending.call(`checklists/${campaign}/${version}/?language=${spoken}`);
      if (status !== 200) return;
      await Store.put("checklists", content, key);
      if (content.pictures.length && "caches" in window) {
        const cache = await caches.open("pictures");
        await Promise.all(content.pictures.map((path) => cache.add(path).catch(() => {}))); // a picture less stops no visit
      }
    }
  };
  const update = async () => {
    const { status, content } = await Sending.call("");
    if (status !== 200) return;
    list = Object.assign(content, { at: Date.now() });
    await Store.put("meta", list, "list");
    const visits = await Store.all("visits");
    const needed = list.assignments.map(({ campaign, version }) => [campaign, version]).concat(visits.map(({ assignment, version }) => [assignment.campaign, version]));
    for (const [campaign, version] of needed) await fetchChecklist(campaign, version);
    // what no draft needs any more; a version that was begun with stays as long as its visits
    const names = new Set(needed.map(([campaign, version]) => nameOf(campaign, version, "")));
    for (const key of await Store.keys("checklists")) if (!names.has(key.replace(/[^:]*$/, ""))) await Store.remove("checklists", key);
    const known = new Set(list.assignments.map(({ uid }) => uid));
    for (const visit of visits) {
      if (visit.state !== "safe" || known.has(visit.uid) || Date.now() - visit.safe_at < KEEPS) continue;
      for (const file of await Store.filesOf(visit.uid)) await Store.remove("files", file.id);
      await Store.remove("visits", visit.uid);
    }
  };
  const tryUpdate = async () => {
    try {
      await update();
      if (sent.unknown) sent = {};
    } catch (error) {
      if (error instanceof Sending.Unknown) sent = { unknown: Boolean(await Store.get("meta", "token")) };
      else if (!(error instanceof Sending.Later)) throw error;
    }
    await paint();
  };

  /* ---- beginning and going on */
  const returned = (note) => Object.fromEntries(Object.entries(WORDS.state_returned).map(([spoken, text]) => [spoken, text.replace("{note}", note)]));
  const begin = async (assignment, isMending) => {
    const now = new Date().toISOString();
    let there = null;
    if (assignment.draft || isMending) {
      const { status, content } = await Sending.call(`assignments/${assignment.uid}/draft/`).catch(() => ({ status: 0 }));
      if (status === 200) there = content;
    }
    const known = await Store.get("visits", assignment.uid);
    const version = there ? there.version : known ? known.version : assignment.version;
    const record = {
      uid: assignment.uid,
      assignment,
      version,
      answers: there ? there.answers : known ? known.answers : {},
      question: there ? there.question : "",
      revision: there ? there.revision : 0,
      begun_at: there && there.begun_at ? there.begun_at : now,
      place: Capture.place(),
      state: "draft",
      announced: (known && known.announced) || [],
      mends: isMending ? crypto.randomUUID() : null,
      problems: isMending && assignment.note ? [{ where: "", ...returned(assignment.note) }] : [],
      touched_at: Date.now(),
    };
    await Store.change("visits", record.uid, (stored) => (stored && stored.state === "draft" ? undefined : record));
    await enter(record.uid);
  };
  /* the place where a visit begins: the first fix after it was opened */
  const placed = (uid) => {
    const found = Capture.place();
    if (found) Store.change("visits", uid, (visit) => (visit && !visit.place ? Object.assign(visit, { place: found }) : undefined));
  };
  const enter = async (uid) => {
    const record = await Store.get("visits", uid);
    const { campaign } = record.assignment;
    const checklist = await Store.get("checklists", nameOf(campaign, record.version, language));
    if (!checklist) {
      await fetchChecklist(campaign, record.version).catch(() => {});
      if (!(await Store.get("checklists", nameOf(campaign, record.version, language)))) return warn(say("not_yet_here"));
      return enter(uid);
    }
    await Store.put("meta", { uid, at: Date.now() }, "current");
    const timer = setInterval(() => placed(uid), 3000);
    showing = uid;
    await Visit.open({
      root, record, checklist, say,
      left: async () => {
        clearInterval(timer);
        showing = null;
        await Store.put("meta", null, "current");
        window.scrollTo(0, 0);
        await paint();
        tryUpdate();
      },
    });
  };
  const warn = (text) => {
    const old = root.querySelector(".warning");
    if (old) old.remove();
    const said = element("p", { className: "notice warning", role: "alert", text });
    root.querySelector("main").prepend(said);
    said.scrollIntoView({ block: "center" });
  };
  const start = async (assignment, isMending) => {
    const mb = Math.floor((await Store.room()) / 1048576);
    if (mb < LEAST) return warn(say("little_space", { mb }));
    return begin(assignment, isMending);
  };
  /* what was refused for its answers is opened again, as it was */
  const reopen = async (visit) => {
    await Store.set("visits", visit.uid, { state: "draft" });
    await enter(visit.uid);
  };

  /* ---- the page */
  const metres = ({ latitude, longitude }) => {
    const here = Capture.place();
    if (!here || latitude === null) return null;
    const rad = Math.PI / 180;
    const x = (longitude - here.longitude) * Math.cos(latitude * rad);
    return Math.round(Math.hypot(x, latitude - here.latitude) * rad * 6371008);
  };
  const stateOf = async (assignment, visit) => {
    const files = visit ? await Store.filesOf(visit.uid) : [];
    const all = files.filter(({ sha256 }) => sha256).length;
    const arrived = files.filter(({ received }) => received).length;
    const isNews = !visit || (visit.state === "safe" && list && list.at > visit.safe_at);
    if (assignment && isNews && assignment.state === "returned") return { look: "wrong", text: say("state_returned", { note: assignment.note }), step: "mend" };
    if (assignment && isNews && assignment.state === "accepted") return { look: "safe", text: say("state_accepted") };
    if (assignment && isNews && assignment.state === "void") return { look: "wrong", text: say("state_void") };
    if (!visit) {
      if (assignment.state === "received") return { look: "safe", text: say("state_safe") };
      return { look: "open", text: assignment.draft ? say("server_draft") : say("state_open"), step: assignment.draft ? "go_on" : "begin" };
    }
    const days = Math.floor((Date.now() - Date.parse(visit.begun_at)) / DAY);
    const day = days ? ` · ${say("state_day", { n: days + 1 })}` : "";
    switch (visit.state) {
      case "draft":
        return { look: "draft", text: say("state_draft_here") + day, step: "go_on" };
      case "finished":
        return { look: "here", text: say("state_here"), bar: 0 };
      case "recorded":
        return { look: "here", text: say("state_sending", { n: arrived + 1, all: all + 1 }), bar: (arrived + 1) / (all + 1) };
      case "flawed":
        return { look: "wrong", text: say("state_flawed"), step: "mend" };
      case "safe":
        return { look: "safe", text: say("state_safe") };
      default:
        return { look: "wrong", text: say("state_refused"), why: visit.problems, files: files.filter(({ refused }) => refused) };
    }
  };
  const goOn = async (assignment, visit, step) => {
    if (visit && visit.state === "draft") return enter(visit.uid);
    if (visit && visit.state === "flawed") return reopen(visit);
    return start(assignment, step === "mend");
  };
  /* what the code of a route plan asks for: the visit is opened, or its card shown where it is done */
  const follow = async (isFresh) => {
    const asked = /^#visit=([0-9a-f-]{36})$/.exec(location.hash);
    if (!asked || showing) return;
    const assignment = list && list.assignments.find(({ uid }) => uid === asked[1]);
    const visit = await Store.get("visits", asked[1]);
    const isKnown = assignment || visit;
    if (!isKnown && !isFresh) return;
    history.replaceState(null, "", location.pathname);
    if (!isKnown) return list && warn(say("not_yours"));
    const { step } = await stateOf(assignment, visit);
    if (step) return goOn(assignment, visit, step);
    root.querySelector(`[data-uid="${asked[1]}"]`).scrollIntoView({ block: "center" });
  };
  const card = async (assignment, visit) => {
    const shown = assignment || visit.assignment;
    const state = await stateOf(assignment, visit);
    const { site } = shown;
    const away = metres(site);
    const hints = [say(`kind_${site.kind}`), say(shown.purpose), shown.due_on && say("due", { day: shown.due_on }), state.look === "open" && shown.due_on < new Date().toLocaleDateString("sv") && say("late"), shown.other && say("with", { name: shown.other }), away !== null && (away < 1000 ? say("away", { m: away }) : say("away_km", { km: (away / 1000).toFixed(1) }))];
    const made = element("li", { className: `card ${state.look}` }, element("h2", { text: site.name }), element("p", { className: "hint", text: [site.area, site.address].filter(Boolean).join(" ") }), element("p", { className: "hint", text: hints.filter(Boolean).join(" · ") }), element("p", { className: "state", text: state.text }));
    made.dataset.uid = shown.uid;
    made.dataset.state = visit ? visit.state : shown.state;
    if (state.bar !== undefined) made.append(element("progress", { max: 1, value: state.bar }));
    for (const one of (state.why || []).concat((state.files || []).map(({ refused }) => refused))) made.append(element("p", { className: "error", text: `${one.where || ""} ${one[language] || ""}` }));
    if (state.look === "draft" && shown.kind === "test_purchase") made.append(element("p", { className: "hint", text: say("purchase") }));
    if (state.step && keeps) {
      const button = element("button", { type: "button", className: "step", text: say(state.step) });
      button.addEventListener("click", async () => {
        button.disabled = true;
        await goOn(assignment, visit, state.step);
        button.disabled = false;
      });
      made.append(button);
    }
    return made;
  };
  const notices = async () => {
    const hasToken = await Store.get("meta", "token").catch(() => null);
    const found = [];
    if (!window.isSecureContext) found.push("no_secure");
    else if (!keeps) found.push("no_storage");
    else if (!hasToken) found.push("no_token");
    else if (sent.unknown) found.push("revoked");
    if (isWechat) found.push("wechat");
    else if (keeps && hasToken && !persistent) found.push(matchMedia("(display-mode: standalone)").matches ? "not_persistent" : "add_to_home");
    if (sent.other) found.push("other_tab");
    if (hasNews) found.push("new_version");
    return found.map((name) => element("p", { className: `notice ${name}`, text: say(name) }));
  };
  let painting = 0;
  const paint = async () => {
    if (showing) return;
    painting += 1;
    const mine = painting;
    const visits = keeps ? await Store.all("visits") : [];
    const byUid = new Map(visits.map((visit) => [visit.uid, visit]));
    const assignments = list ? list.assignments : [];
    const listed = new Set(assignments.map(({ uid }) => uid));
    const cards = [];
    for (const visit of visits.filter(({ uid }) => !listed.has(uid))) cards.push(await card(null, visit));
    for (const assignment of assignments) cards.push(await card(assignment, byUid.get(assignment.uid)));
    const order = ["wrong", "draft", "open", "here", "safe"];
    const rank = (one) => order.findIndex((look) => one.classList.contains(look));
    cards.sort((a, b) => rank(a) - rank(b));
    const waiting = visits.filter(({ state }) => ["finished", "recorded", "flawed", "refused", "stuck"].includes(state));
    const safe = cards.filter((one) => one.classList.contains("safe")).length;
    const said = await notices();
    if (mine !== painting || showing) return;
    const other = language === "en" ? "zh-Hans" : "en";
    const switching = element("button", { type: "button", className: "language", lang: other, text: other === "en" ? "English" : "中文" });
    switching.addEventListener("click", async () => {
      await speak(other);
      if (keeps) await Store.put("meta", other, "language");
      await paint();
    });
    const offline = navigator.onLine && !sent.offline ? null : element("p", { className: "pill", role: "status", text: say("offline") });
    const again = sent.wait && navigator.onLine && waiting.length ? element("p", { className: "hint", role: "status", text: say("again_later", { s: sent.wait }) }) : null;
    const demonstration = assignments.some((one) => one.demonstration) ? element("p", { className: "demonstration", text: say("demonstration") }) : null;
    const counts = cards.length ? element("p", { className: "counts", text: say("today", { n: cards.length, safe, waiting: waiting.length }) }) : null;
    const nothing = list && !cards.length ? element("p", { className: "notice", text: say("nothing") }) : null;
    const who = list ? element("p", { className: "hint", text: say("hello", list) }) : null;
    const send = element("button", { type: "button", className: "next", text: say("send_now") });
    send.addEventListener("click", () => {
      Sending.go();
      tryUpdate();
    });
    root.replaceChildren(
      ...[demonstration].filter(Boolean),
      element("header", {}, element("span", { className: "seal", text: "明" }), element("div", {}, element("h1", { text: say("name") }), who), switching),
      element("main", {}, offline, ...said, counts, again, element("ul", { className: "cards" }, ...cards), nothing),
      waiting.length ? element("footer", {}, element("div", { className: "line" }, element("p", { className: "hint", text: say("unsent_hint") })), element("div", { className: "line" }, send)) : "",
    );
  };

  /* ---- a new version of the page takes over when nothing is under way */
  const worker = async () => {
    if (!("serviceWorker" in navigator)) return;
    const registration = await navigator.serviceWorker.register(CONFIG.worker, { scope: location.pathname, updateViaCache: "none" });
    const offer = async () => {
      if (!registration.waiting || !navigator.serviceWorker.controller) return;
      hasNews = true;
      const isBusy = showing || (await Store.all("visits")).some(({ state }) => state === "draft");
      if (!isBusy) registration.waiting.postMessage("take over");
      else await paint();
    };
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing.addEventListener("statechange", () => installing.state === "installed" && offer());
    });
    const wasControlled = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => wasControlled && !showing && location.reload());
    await offer();
  };

  const run = async () => {
    const token = /^#(md_[\w-]{43})$/.exec(location.hash);
    keeps = window.isSecureContext && (await Store.works());
    await speak((keeps && (await Store.get("meta", "language"))) || "zh-Hans");
    if (!keeps) return paint();
    if (token) {
      await Store.put("meta", token[1], "token");
      history.replaceState(null, "", location.pathname); // it is in the phone now, and no longer in the address
    }
    persistent = await Store.persist();
    list = (await Store.get("meta", "list")) || null;
    worker().catch(() => {}); // without a worker the page needs network to open, and works as well
    // WeChat throws a page away while another code is scanned: it comes back where it was
    const current = await Store.get("meta", "current");
    const left = current && (await Store.get("visits", current.uid));
    if (left && left.state === "draft") await enter(left.uid);
    else await paint();
    let known = "";
    Sending.start(async (state) => {
      if (state) sent = state;
      const states = (await Store.all("visits")).map(({ uid, state: at }) => `${uid}${at}`).join();
      await paint();
      if (known && known !== states) for (const channel of channels) channel.postMessage("changed");
      known = states;
    });
    for (const name of ["online", "offline"]) window.addEventListener(name, () => paint());
    window.addEventListener("online", tryUpdate);
    window.addEventListener("hashchange", () => follow(true));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && !showing && tryUpdate());
    await follow(false);
    await tryUpdate();
    await follow(true);
  };
  const channels = "BroadcastChannel" in window ? [new BroadcastChannel("mingcha")] : [];
  for (const channel of channels) channel.onmessage = () => paint();
  run();
})();
