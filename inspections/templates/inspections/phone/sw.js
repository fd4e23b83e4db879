{% autoescape off %}/* Keeps the pages of the phone, so that they open without network. What is sent never passes through here. */
"use strict";
const CACHE = "mingcha-{{ version }}";
const SHELL = {{ shell }};
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL.map((address) => new Request(address, { cache: "reload" })))));
});
/* a new version waits until every page of the old one is closed: nobody loses the page they stand on, and drafts lie elsewhere */
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("mingcha-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || !SHELL.includes(pathname)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(pathname)).then((kept) => kept || fetch(request)));
});
{% endautoescape %}
