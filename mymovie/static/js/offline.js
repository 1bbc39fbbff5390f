// The service worker begins when the page is there, so that it costs the first view nothing.
if ("serviceWorker" in navigator) {
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
}

async function begin() {
  const cameWithoutIt = !navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register("/service-worker.js");
  } catch {
    return; // without a connection, or in a browser that forbids it: the page is whole without
  }
  if (!cameWithoutIt) return;
  const { active } = await navigator.serviceWorker.ready;
  const images = performance.getEntriesByType("resource").filter((entry) => entry.initiatorType === "img");
  active.postMessage({ keep: location.href, pictures: images.map((entry) => entry.name) });
}

// The page that stands in for another one makes way for it. The event alone says little: a network may lead nowhere.
if (document.querySelector("[data-reloads-online]")) {
  window.addEventListener("online", async () => {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer) location.reload();
  });
}
