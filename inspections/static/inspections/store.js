/* What lies on the phone: drafts, captured files, checklists and the token, in IndexedDB. */
"use strict";
const Store = (() => {
  const NAMES = ["kept", "drafts", "files"];
  let opened = null;
  const open = () =>
    (opened =
      opened ||
      new Promise((resolve, reject) => {
        const asked = indexedDB.open("mingcha", 1);
        asked.onupgradeneeded = () => NAMES.forEach((name) => asked.result.createObjectStore(name));
        asked.onerror = () => reject(asked.error);
        asked.onblocked = () => reject(new Error("blocked"));
        asked.onsuccess = () => {
          /* browsers drop the connection when they like: the next call opens it anew */
          asked.result.onclose = () => (opened = null);
          asked.result.onversionchange = () => (asked.result.close(), (opened = null));
          resolve(asked.result);
        };
      }).catch((error) => {
        opened = null;
        throw error;
      }));
  /* what is written is on the disk when this is done */
  const within = async (name, mode, work, again = true) => {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(name, mode, { durability: "strict" });
        const asked = work(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error || asked.error);
      });
    } catch (error) {
      if (!again || error.name !== "InvalidStateError") throw error;
      opened = null;
      return within(name, mode, work, false);
    }
  };
  return {
    get: (name, key) => within(name, "readonly", (store) => store.get(key)),
    all: (name) => within(name, "readonly", (store) => store.getAll()),
    put: (name, key, value) => within(name, "readwrite", (store) => store.put(value, key)),
    remove: (name, key) => within(name, "readwrite", (store) => store.delete(key)),
    /* whether a file can be kept here at all: private windows and full phones say no only when it is tried */
    works: async () => {
      try {
        const blob = new Blob([new Uint8Array(1024)]);
        await within("kept", "readwrite", (store) => store.put(blob, "trial"));
        const back = await within("kept", "readonly", (store) => store.get("trial"));
        await within("kept", "readwrite", (store) => store.delete("trial"));
        return back.size === 1024;
      } catch (error) {
        return false;
      }
    },
  };
})();
