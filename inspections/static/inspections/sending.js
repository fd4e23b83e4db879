/* Sends what is kept, one window at a time: first every visit, then the smaller copies, then the originals, part by part. A
   file is dropped here only when the site has confirmed its hash. */
"use strict";
const Sending = (() => {
  const PART = 262144; // bytes: a few seconds on a slow line
  const PATIENCE = 60000; // ms for one answer
  const { api } = JSON.parse(document.getElementById("config").textContent);
  const me = `${Date.now()}-${Math.random()}`;
  let told = () => {};
  let timer = null;
  let wait = 2; // seconds until it is tried again; doubles up to a minute
  let running = false;

  class Later extends Error {} // no answer, or one that says: not now
  class Unknown extends Error {} // the phone was shut out

  const call = async (path, { method = "GET", json, bytes, headers = {} } = {}) => {
    const token = await Store.get("meta", "token");
    if (!token) throw new Unknown();
    const cut = new AbortController();
    const clock = setTimeout(() => cut.abort(), PATIENCE);
    const given = Object.assign({ Authorization: `Bearer ${token}` }, headers);
    if (json) given["Content-Type"] = "application/json";
    if (bytes) given["Content-Type"] = "application/octet-stream";
    try {
      const body = json ? JSON.stringify(json) : bytes;
      const answer = await fetch(api + path, { method, body, headers: given, signal: cut.signal, cache: "no-store", credentials: "omit" });
      const content = await answer.json().catch(() => null);
      if (answer.status === 401) throw new Unknown();
      if (answer.status >= 500 || answer.status === 429 || content === null) throw new Later(`${answer.status}`);
      return { status: answer.status, content };
    } catch (error) {
      if (error instanceof Unknown || error instanceof Later) throw error;
      throw new Later("no answer");
    } finally {
      clearTimeout(clock);
    }
  };

  const announced = ({ sha256, size, name, kind, source, question, type, text, at, place }) => ({
    sha256, size, name, kind, source, question, text, at, place, media_type: type,
  });
  const isFresh = (visit, file) => !visit.mends || !(visit.announced || []).includes(file.sha256);
  const sendVisit = async (visit) => {
    for (const file of await Store.filesOf(visit.uid)) if (!file.sha256) await Capture.finish(file); // none goes without its hash
    const files = (await Store.filesOf(visit.uid)).filter((file) => file.sha256 && isFresh(visit, file));
    const json = {
      version: visit.version,
      answers: visit.answers,
      begun_at: visit.begun_at,
      ended_at: visit.ended_at,
      sent_at: new Date().toISOString(),
      place: visit.place,
      files: files.map(announced),
      mends: visit.mends || null,
    };
    const { status, content } = await call(`assignments/${visit.uid}/visit/`, { method: "POST", json });
    if (status === 200 || status === 201) {
      const all = (visit.announced || []).concat(files.map((file) => file.sha256));
      await Store.set("visits", visit.uid, { state: "recorded", announced: all, problems: [] });
    } else {
      const questions = content.errors.filter(({ where }) => where && where !== "version" && !files.some((file) => file.name === where));
      await Store.set("visits", visit.uid, { state: status === 422 && questions.length ? "flawed" : "refused", problems: content.errors });
    }
  };
  const sendPreview = async (uid, file) => {
    await call(`assignments/${uid}/files/${file.sha256}/preview/`, { method: "PUT", bytes: await Capture.bytesOf(file.preview) });
    await Store.set("files", file.id, { preview: null });
  };
  const sendFile = async (uid, file) => {
    const path = `assignments/${uid}/files/${file.sha256}/`;
    let status = 200;
    let content = { have: file.have || 0 }; // of a part that is there already the answer says how much is
    while (status === 200 && !content.received) {
      const { have } = content;
      const bytes = await Capture.bytesOf(file.blob.slice(have, have + PART));
      const headers = { "Content-Range": `bytes ${have}-${have + bytes.byteLength - 1}/${file.size}` };
      ({ status, content } = await call(path, { method: "PUT", bytes, headers }));
      if (status === 409) ({ status, content } = await call(path)); // it has another number of bytes than it said
      if (status === 200) await Store.set("files", file.id, { have: content.have });
      told();
    }
    if (status === 200 && content.sha256 === file.sha256) {
      await Store.set("files", file.id, { received: true, blob: null, preview: null });
      return;
    }
    // bytes that changed on their way are sent again; those that changed in the phone are said to have
    const isWhole = (await Capture.hash(await Capture.bytesOf(file.blob))) === file.sha256;
    const tries = (file.tries || 0) + 1;
    const why = (content.errors || [])[0] || {};
    await Store.set("files", file.id, isWhole && tries < 3 && status !== 404 ? { tries } : { tries, refused: why });
    if (isWhole && tries < 3) throw new Later("again");
  };
  const settle = async (uid) => {
    const files = await Store.filesOf(uid);
    if (files.every((file) => file.received || !file.sha256)) await Store.set("visits", uid, { state: "safe", safe_at: Date.now() });
    else if (files.every((file) => file.received || file.refused)) await Store.set("visits", uid, { state: "stuck" });
  };
  /* a fault of the site with one visit holds no other up; without network all of them wait */
  let faulty = null;
  const attempt = async (work) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Later) || !/^5/.test(error.message)) throw error;
      faulty = error;
    }
    told();
  };
  const everything = async () => {
    faulty = null;
    const visits = await Store.all("visits");
    for (const visit of visits.filter(({ state }) => state === "finished")) await attempt(() => sendVisit(visit));
    const recorded = (await Store.all("visits")).filter(({ state }) => state === "recorded");
    const waiting = async (uid) => (await Store.filesOf(uid)).filter((file) => file.sha256 && file.blob && !file.received && !file.refused);
    for (const { uid } of recorded) {
      for (const file of await waiting(uid)) if (file.preview) await attempt(() => sendPreview(uid, file));
    }
    for (const { uid } of recorded) {
      for (const file of await waiting(uid)) await attempt(() => sendFile(uid, file));
      await settle(uid);
    }
    if (faulty) throw faulty;
  };
  const isUnsent = ({ state }) => !["safe", "stuck"].includes(state);
  const report = async () => {
    const unsent = (await Store.all("visits")).filter(isUnsent).length;
    const { version } = JSON.parse(document.getElementById("config").textContent);
    await call("", { method: "POST", json: { unsent, app_version: version } });
  };

  /* one window sends: by a lock of the browser, or where it has none by a lease that runs out */
  const alone = async (work) => {
    if (navigator.locks) return navigator.locks.request("mingcha-send", { ifAvailable: true }, (lock) => (lock ? work() : "other"));
    const lease = await Store.change("meta", "lease", (held) => (held && held.by !== me && held.until > Date.now() ? undefined : { by: me, until: Date.now() + 15000 }));
    if (lease.by !== me) return "other";
    const renewing = setInterval(() => Store.put("meta", { by: me, until: Date.now() + 15000 }, "lease"), 5000);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await Store.put("meta", { by: me, until: 0 }, "lease");
    }
  };
  const later = (seconds, state) => {
    clearTimeout(timer);
    timer = setTimeout(go, seconds * 1000);
    told(state);
  };
  const go = async () => {
    clearTimeout(timer);
    if (running) return;
    running = true;
    try {
      const outcome = await alone(async () => {
        await everything();
        await report();
        return "done";
      });
      wait = 2;
      const left = (await Store.all("visits")).some(({ state }) => ["finished", "recorded"].includes(state));
      if (outcome === "other" && left) later(5, { other: true });
      else if (left) later(1, {});
      else told({});
    } catch (error) {
      if (error instanceof Unknown) told({ unknown: Boolean(await Store.get("meta", "token")) });
      else if (error instanceof Later) {
        later(wait, navigator.onLine ? { wait } : { offline: true });
        wait = Math.min(wait * 2, 60);
      } else throw error;
    } finally {
      running = false;
    }
  };

  /* the draft at the association, after every tap; one request at a time, always the latest */
  let drafting = false;
  let next = null;
  const draft = async (visit) => {
    next = visit;
    if (drafting || !navigator.onLine) return false;
    drafting = true;
    let kept = false;
    try {
      while (next) {
        const { uid, revision, version, answers, question, begun_at } = next;
        next = null;
        const files = (await Store.filesOf(uid)).filter(({ sha256 }) => sha256).map(announced);
        const { status } = await call(`assignments/${uid}/draft/`, { method: "PUT", json: { revision, version, answers, files, question, begun_at } });
        kept = status === 200;
      }
    } catch (error) {
      kept = false; // it is in the phone; the next tap tries again
    } finally {
      drafting = false;
    }
    return kept;
  };
  const start = (say) => {
    told = say;
    for (const name of ["online", "pageshow"]) window.addEventListener(name, () => ((wait = 2), go()));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ((wait = 2), go()));
    return go();
  };
  return { start, go, call, draft, isUnsent, Later, Unknown };
})();
