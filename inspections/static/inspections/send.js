/* Sends what lies on the phone: visits first, then their files, small ones first, in pieces; a file leaves the phone only
   when the association has confirmed its hash. One page at a time sends, whatever is open. */
"use strict";
const Sending = (() => {
  const PIECE = 512 * 1024;
  const LEASE = 30000;
  const SOON = 2000;
  let waiting = SOON; // how long until the next try: longer each time, soon again once anything got through
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("mingcha") : null;
  const api = async (path, { method = "GET", body, headers = {} } = {}) => {
    const token = await Store.get("kept", "token");
    const isJson = body && !(body instanceof Blob);
    const answer = await fetch(`/api/v1/phone/${path}`, {
      method,
      body: isJson ? JSON.stringify(body) : body,
      cache: "no-store",
      headers: {
        Authorization: `Bearer ${token}`,
        "Accept-Language": document.documentElement.lang === "en" ? "en" : "zh-hans",
        ...(body ? { "Content-Type": isJson ? "application/json" : "application/octet-stream" } : {}),
        ...headers,
      },
    });
    const said = await answer.json().catch(() => ({}));
    waiting = SOON;
    if (answer.ok) return said;
    throw Object.assign(new Error(said.detail || answer.status), { status: answer.status, errors: said.errors || [] });
  };
  const tell = () => {
    window.dispatchEvent(new Event("sent"));
    if (channel) channel.postMessage("sent");
  };
  if (channel) channel.onmessage = () => window.dispatchEvent(new Event("sent"));

  const file = ({ sha256, size, name, kind, source, question, media_type, text, at, place }) => ({ sha256, size, name, kind, source, question, media_type, text, at, place });
  const filesOf = async (uid) => (await Store.all("files")).filter((one) => one.assignment === uid && one.sha256);
  const keep = (draft) => Store.put("drafts", draft.assignment, draft).then(tell);

  const visit = async (draft) => {
    const { uid, version, answers, begun_at, ended_at, place } = draft;
    const files = (await filesOf(draft.assignment)).map(file);
    const body = { uid, version, answers, begun_at, ended_at, place: place || null, now: new Date().toISOString(), files };
    try {
      const said = await api(`visits/${draft.assignment}/`, { method: "POST", body });
      Object.assign(draft, { state: "recorded", missing: said.missing, count: files.length, refused: null });
    } catch (error) {
      /* the association looked at it and cannot take it: it is shown and can be mended, nothing is lost */
      if (![400, 409, 422].includes(error.status)) throw error;
      Object.assign(draft, { state: "open", refused: error.errors });
    }
    await keep(draft);
  };
  const small = async (blob) => {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.75));
  };
  const previews = async (draft) => {
    for (const one of await filesOf(draft.assignment)) {
      if (one.previewed || !draft.missing.includes(one.sha256) || one.size < 400000 || !["photo", "screenshot"].includes(one.kind)) continue;
      try {
        const body = await small(one.blob);
        await api(`visits/${draft.assignment}/previews/${one.sha256}/`, { method: "PUT", body });
      } catch (error) {
        if (!error.status && !(error instanceof DOMException)) throw error; // no network; a picture that cannot be drawn has no small copy
      }
      await Store.put("files", one.id, { ...one, previewed: true });
    }
  };
  const bytes = async (draft, one) => {
    const path = `visits/${draft.assignment}/files/${one.sha256}/`;
    let said = await api(path);
    while (!said.safe) {
      const begin = said.received;
      const piece = one.blob.slice(begin, begin + PIECE);
      const range = `bytes ${begin}-${begin + piece.size - 1}/${one.size}`;
      said = await api(path, { method: "PUT", body: piece, headers: { "Content-Range": range } });
    }
    await Store.remove("files", one.id); // only now
  };
  const files = async (draft) => {
    await previews(draft);
    for (const sha256 of draft.missing.slice()) {
      const one = (await filesOf(draft.assignment)).find((each) => each.sha256 === sha256);
      if (!one) continue; // another phone holds it
      try {
        await bytes(draft, one);
      } catch (error) {
        if (![400, 404, 409].includes(error.status)) throw error;
        draft.refused = error.errors;
        await keep(draft);
        continue;
      }
      draft.missing = draft.missing.filter((each) => each !== sha256);
      await keep(draft);
    }
    const said = await api(`visits/${draft.assignment}/`);
    draft.missing = said.missing;
    if (!draft.missing.length) Object.assign(draft, { state: "safe", safe_at: new Date().toISOString(), refused: null });
    await keep(draft);
  };
  const unsent = async () => (await Store.all("drafts")).filter(({ state }) => state !== "safe").length;

  const all = async () => {
    for (const draft of await Store.all("drafts")) {
      if (draft.state === "ready") await visit(draft);
      if (draft.state === "recorded") await files(draft);
    }
  };
  /* one page at a time: by a lock of the browser, or a lease where it has none */
  const alone = async (work) => {
    if (navigator.locks) return navigator.locks.request("mingcha-sending", { ifAvailable: true }, (lock) => lock && work());
    const lease = (await Store.get("kept", "lease")) || 0;
    if (lease > Date.now()) return null;
    const renew = () => Store.put("kept", "lease", Date.now() + LEASE);
    await renew();
    const timer = setInterval(renew, LEASE / 3);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      await Store.put("kept", "lease", 0);
    }
  };
  let problem = null;
  let timer = null;
  const run = async () => {
    clearTimeout(timer);
    try {
      await alone(all);
      problem = null;
    } catch (error) {
      problem = error;
      waiting = Math.min(waiting * 2, 60000);
    }
    tell();
    const left = (await Store.all("drafts")).some(({ state }) => state === "ready" || state === "recorded");
    if (left) timer = setTimeout(run, waiting);
  };
  window.addEventListener("online", run);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  return { api, run, unsent, file, filesOf, problem: () => problem };
})();
