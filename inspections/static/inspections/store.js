/* What the phone keeps: the token, where to go, checklists, visits, and the bytes of what was captured. A write has
   happened when its promise is fulfilled: it is on the disk then, whatever becomes of the page. */
"use strict";
const Store = (() => {
  const NAMES = { meta: undefined, checklists: undefined, visits: "uid", files: "id" };
  let opening = null;
  const open = () => {
    if (opening) return opening;
    opening = new Promise((resolve, reject) => {
      const request = indexedDB.open("mingcha", 1);
      request.onupgradeneeded = () => {
        for (const name of Object.keys(NAMES)) request.result.createObjectStore(name, NAMES[name] ? { keyPath: NAMES[name] } : undefined);
        request.transaction.objectStore("files").createIndex("uid", "uid");
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const db = request.result;
        db.onclose = () => (opening = null);
        db.onversionchange = () => {
          db.close();
          opening = null;
        };
        resolve(db);
      };
    });
    opening.catch(() => (opening = null));
    return opening;
  };
  /* iOS drops the connection when memory is short: then it is opened again, once */
  const run = async (names, mode, work, again = true) => {
    const db = await open();
    let transaction;
    try {
      transaction = db.transaction(names, mode, { durability: "strict" });
    } catch (lost) {
      if (!again) throw lost;
      opening = null;
      return run(names, mode, work, false);
    }
    return new Promise((resolve, reject) => {
      const done = {};
      transaction.oncomplete = () => resolve(done.value);
      transaction.onabort = transaction.onerror = () => reject(transaction.error || new Error("not kept"));
      work(transaction, (value) => (done.value = value));
    });
  };
  const ask = (name, method, ...given) =>
    run([name], "readonly", (transaction, give) => {
      const request = transaction.objectStore(name)[method](...given);
      request.onsuccess = () => give(request.result);
    });
  const get = (name, key) => ask(name, "get", key);
  const all = (name) => ask(name, "getAll");
  const keys = (name) => ask(name, "getAllKeys");
  const put = (name, value, key) => run([name], "readwrite", (transaction) => transaction.objectStore(name).put(value, key));
  const remove = (name, key) => run([name], "readwrite", (transaction) => transaction.objectStore(name).delete(key));
  /* change a record in one step; `work` returns what it becomes, or undefined to leave it. Gives what is there then. */
  const change = (name, key, work) =>
    run([name], "readwrite", (transaction, give) => {
      const store = transaction.objectStore(name);
      const request = store.get(key);
      request.onsuccess = () => {
        const changed = work(request.result);
        give(changed || request.result);
        if (changed) store.put(changed, NAMES[name] ? undefined : key);
      };
    });
  const set = (name, key, changes) => change(name, key, (record) => record && Object.assign(record, changes));
  const filesOf = (uid) =>
    run(["files"], "readonly", (transaction, give) => {
      const request = transaction.objectStore("files").index("uid").getAll(uid);
      request.onsuccess = () => give(request.result.sort((a, b) => a.number - b.number));
    });
  /* whether this browser gives back what it was given, bytes too */
  const works = async () => {
    try {
      await put("meta", new Blob(["kept"]), "trial");
      const back = await get("meta", "trial");
      return back instanceof Blob && (await new Response(back).text()) === "kept";
    } catch (refused) {
      return false;
    }
  };
  const room = async () => {
    const { estimate } = navigator.storage || {};
    if (!estimate) return Infinity;
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    return quota - usage;
  };
  const persist = async () => {
    try {
      return (await navigator.storage.persisted()) || (await navigator.storage.persist());
    } catch (unknown) {
      return false;
    }
  };
  return { get, all, keys, put, remove, change, set, filesOf, works, room, persist };
})();
