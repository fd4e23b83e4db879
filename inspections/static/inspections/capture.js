/* Photos and other proof: kept as they come, hashed before anything else is done with them, with the place and time of the
   page. Phones strip both from the files they give to a browser. */
"use strict";
const Capture = (() => {
  const MOST = { photo: 20, screenshot: 20, recording: 64, voice: 20, code: 1 }; // MB, as phone/announced.py has it
  const PICTURES = ["photo", "screenshot"];
  const SMALL = 400000; // bytes; a picture above has a smaller copy that is sent first
  const EDGE = 1600;
  let fix = null;
  let watching = null;

  /* the place is watched while a visit is open, so that a photo need not wait for it */
  const watch = (told) => {
    if (watching !== null || !navigator.geolocation) return;
    const found = ({ coords, timestamp }) => {
      fix = { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy, at: timestamp };
      told();
    };
    watching = navigator.geolocation.watchPosition(found, told, { enableHighAccuracy: true, maximumAge: 60000, timeout: 60000 });
  };
  const rest = () => {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    watching = null;
  };
  /* browsers give WGS-84; age: seconds since the fix */
  const place = () => {
    if (!fix) return null;
    const { latitude, longitude, accuracy, at } = fix;
    return { latitude, longitude, datum: "WGS-84", accuracy, age: Math.max(0, Math.round((Date.now() - at) / 100) / 10) };
  };

  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));
  const bytesOf = (blob) => new Response(blob).arrayBuffer();
  const isHeic = (bytes) => {
    const head = String.fromCharCode(...new Uint8Array(bytes.slice(4, 12)));
    return head.startsWith("ftyp") && /^(hei|hev|mif1|msf1)/.test(head.slice(4));
  };
  const number = () => Date.now() * 1000 + Math.floor(Math.random() * 1000);

  /* keep a file the moment it is there; what is wrong with it is a name in words.py, with its values */
  const keep = async ({ uid, question, kind, source, file, text = "" }) => {
    const record = {
      id: crypto.randomUUID ? crypto.randomUUID() : `${number()}`,
      number: number(),
      uid, question, kind, source,
      text: text.replace(/\0/g, ""),
      name: (file.name || kind).replace(/[\\/\p{C}]/gu, "_").slice(-200),
      type: (file.type || "").slice(0, 60),
      size: file.size,
      at: new Date().toISOString(),
      place: place(),
      blob: file,
      sha256: "",
    };
    await Store.put("files", record);
    return finish(record);
  };
  /* what a page that was closed in between had no time for is done here too */
  const finish = async (record) => {
    const bytes = await bytesOf(record.blob);
    const sha256 = await hash(bytes);
    const wrong = await complaint(record, bytes);
    const same = (await Store.filesOf(record.uid)).find((one) => one.sha256 === sha256 && one.id !== record.id);
    if (wrong || same) {
      await Store.remove("files", record.id);
      return wrong ? { wrong } : same;
    }
    // the bytes that were hashed, not the file that an app may still change
    const blob = new Blob([bytes], { type: record.type });
    await Store.set("files", record.id, { sha256, blob, size: bytes.byteLength });
    const preview = await smaller(record.kind, blob);
    if (preview) await Store.set("files", record.id, { preview });
    return Store.get("files", record.id);
  };
  const complaint = async ({ kind, size, type }, bytes) => {
    if (size > MOST[kind] * 1048576) return ["too_large", { most: MOST[kind] }];
    if (!PICTURES.includes(kind) || isHeic(bytes)) return null; // few browsers can show HEIC; the server can
    try {
      const picture = await createImageBitmap(new Blob([bytes], { type }));
      picture.close();
      return null;
    } catch (unreadable) {
      return ["no_picture", {}];
    }
  };
  const drawn = async (blob, edge) => {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas;
  };
  const smaller = async (kind, blob) => {
    if (!PICTURES.includes(kind) || blob.size < SMALL) return null;
    try {
      const canvas = await drawn(blob, EDGE);
      const copy = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.75));
      return copy && copy.size < blob.size / 2 && copy.size < 1000000 ? copy : null;
    } catch (unreadable) {
      return null; // the original goes without
    }
  };
  const thumbnail = (blob) => drawn(blob, 160);
  /* what a code in a picture says, "" where nothing is found; undefined where this browser cannot read codes */
  const decoded = async (blob) => {
    if (!("BarcodeDetector" in window)) return undefined;
    try {
      const [found] = await new BarcodeDetector().detect(await createImageBitmap(blob));
      return found ? found.rawValue : "";
    } catch (unable) {
      return "";
    }
  };
  return { watch, rest, place, keep, finish, hash, bytesOf, thumbnail, decoded };
})();
