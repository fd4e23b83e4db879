/* Keeps the page on the phone, so that it opens without network. What is sent never passes through here. */
"use strict";
const SHELL = "shell-{{ version }}";
const PICTURES = "pictures";
const KEPT = {{ kept|safe }};
const PAGE = KEPT[0];

self.addEventListener("install", (event) => {
  // past the browser's own cache: a version is whole, never half of the one before
  const fresh = () => KEPT.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh())));
});
/* a new version waits until the page says that no visit is under way */
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell-") && name !== SHELL;
  const clear = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(clear.then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const kept = (path, name) => caches.open(name).then((cache) => cache.match(path)).then((found) => found || fetch(request));
  if (request.mode === "navigate" ? pathname === PAGE : KEPT.includes(pathname)) event.respondWith(kept(pathname, SHELL));
  else if (request.destination === "image") event.respondWith(kept(pathname, PICTURES));
});
