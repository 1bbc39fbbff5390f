// Served in the worker's place with SERVICE_WORKER=0: browsers look for a new worker at each visit, and this one leaves.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const names = (await caches.keys()).filter((name) => name.startsWith("mymovie-"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
