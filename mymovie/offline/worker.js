// The service worker. SITE, which stands above, is what the server tells it.
//
// Files of ours come from its cache first: their address changes with them. Pages come from the network, and only where
// there is none from a copy that the server allowed to be kept, on the shelf of the session that saw it (middleware.py).
// Whatever else is asked for passes by: what is sent, parts of pages, the API.
"use strict";

const NAMES = { files: "mymovie-1-files", pages: "mymovie-1-pages", pictures: "mymovie-1-pictures", notes: "mymovie-1-notes" };
const MOST = { files: 150, pages: 30, pictures: 200 };
const SHELF = "Offline-Shelf", KEEP = "Offline-Keep", HOME = "Offline-Home";
const KEPT_AT = "Offline-Kept-At", TITLE = "Offline-Title";
const FILE = /^\/static\/(?:css|js|img|vendor)\//;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PICTURE = /^\/(?:posters|media\/avatars)\//;
const FILES_OF_A_PAGE = /(?:href|src)="(\/static\/(?:css|js|img|vendor)\/[^"]+)"/g;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  const { keep, pictures = [] } = event.data;
  if (keep) event.waitUntil(keepWhatIsOpen(keep, pictures));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isOurs = url.origin === location.origin;
  if (request.mode === "navigate") {
    if (!isOurs) return;
    if (request.method === "GET") event.respondWith(page(event, url));
    else if (SITE.signOut.includes(url.pathname)) event.waitUntil(signedOut());
  } else if (request.method !== "GET" || request.headers.has("Range")) {
    return;
  } else if (isOurs && FILE.test(url.pathname)) {
    event.respondWith(file(event, url));
  } else if (request.destination === "image" && (isOurs ? PICTURE.test(url.pathname) : url.origin === SITE.posters)) {
    event.respondWith(picture(event, isOurs));
  }
});

// It holds nothing for a page that is open, and the files of the last release stay in the cache: a new one may begin at
// once, under pages that the last one brought.
async function install() {
  const cache = await caches.open(NAMES.files);
  for (const address of Object.values(SITE.offline)) {
    const response = await fetch(address, { cache: "no-cache", credentials: "omit" });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    await keepFilesOf(await response.clone().text());
    await cache.put(address, response);
  }
  await self.skipWaiting();
}

async function activate() {
  const ours = Object.values(NAMES);
  const old = (await caches.keys()).filter((name) => name.startsWith("mymovie-") && !ours.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// Pages

let clock = 0; // counts what was asked for
let changed = 0; // when the shelf was last another one: what was asked for before tells of the past

async function page(event, url) {
  const asked = ++clock;
  let response;
  try {
    response = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await copyOf(url)) ?? (await ownWall(url)) ?? (await offlinePage(url));
  }
  const copy = response.headers.has(KEEP) ? response.clone() : response;
  event.waitUntil(inTurn(() => takeNote(url, copy, asked)));
  return response;
}

async function takeNote(url, response, asked) {
  if (asked <= changed) return;
  if (SITE.signIn.includes(url.pathname)) return changeShelf(null);
  const shelf = response.headers.get(SHELF);
  const notes = await readNotes();
  if (shelf && !notes.ended.includes(shelf) && shelf !== notes.shelf) await changeShelf(shelf);
  const isAway = response.type === "opaqueredirect" || [403, 404, 410].includes(response.status);
  const pages = await caches.open(NAMES.pages);
  if (isAway) await pages.delete(url.href);
  if (response.headers.has(KEEP) && shelf === (await readNotes()).shelf) await keepPage(pages, url, response);
}

async function keepPage(pages, url, response) {
  const html = await response.text();
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(KEPT_AT, Date.now());
  headers.set(TITLE, encodeURIComponent(titleOf(html)));
  const address = withoutWhatIsToldOnce(url).href;
  await pages.delete(address); // the last seen stands last
  await pages.put(address, new Response(html, { headers }));
  await trim("pages");
  await keepFilesOf(html);
}

function withoutWhatIsToldOnce(url) {
  const address = new URL(url);
  for (const act of SITE.toldOnce) if (address.searchParams.has(act)) address.searchParams.delete(act);
  return address;
}

// The page from which the worker was first started came without it.
async function keepWhatIsOpen(address, pictures) {
  const url = new URL(address);
  url.hash = "";
  const asked = ++clock;
  const response = await fetch(url, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (!response?.headers.has(KEEP)) return;
  await inTurn(() => takeNote(url, response, asked));
  const kept = await caches.open(NAMES.pictures);
  for (const picture of pictures.slice(0, MOST.pictures)) {
    const isOurs = new URL(picture).origin === location.origin && PICTURE.test(new URL(picture).pathname);
    if (!isOurs && new URL(picture).origin !== SITE.posters) continue;
    const response = await readable(picture).catch(() => null);
    if (response?.ok) await kept.put(picture, response);
  }
}

async function copyOf(url) {
  const kept = await keptPages();
  const copy = kept.find((response) => response.address === url.href);
  return copy && shown(copy, url);
}

// The front page of somebody signed in leads to their wall.
async function ownWall(url) {
  if (!SITE.homes.includes(url.pathname)) return undefined;
  const walls = (await keptPages()).filter((copy) => copy.response.headers.has(HOME));
  const wall = walls.find((copy) => languageOf(new URL(copy.address)) === languageOf(url)) ?? walls[0];
  return wall && Response.redirect(wall.address, 302);
}

async function shown(copy, url) {
  const language = languageOf(url);
  const words = SITE.words[language];
  const note =
    `<p class="message copy-note" role="status"><span>${words.copy.replace("%s", moment(copy, language))}</span> ` +
    `<a href="">${words.again}</a></p>`;
  const html = await copy.response.text();
  return new Response(html.replace(/<main\b[^>]*>/, (main) => main + note), { headers: copy.response.headers });
}

async function offlinePage(url) {
  const language = languageOf(url);
  const files = await caches.open(NAMES.files);
  const page = await files.match(SITE.offline[language]);
  if (!page) return Response.error();
  const copies = (await keptPages()).map(
    (copy) =>
      `<li><a href="${copy.address.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">` +
      `${decodeURIComponent(copy.response.headers.get(TITLE))}</a> <small>${moment(copy, language)}</small></li>`,
  );
  const list = copies.length ? copies.join("") : `<li class="quiet">${SITE.words[language].none}</li>`;
  const html = (await page.text()).replace(/(<ul\b[^>]*id="copies"[^>]*>)[^]*?(?=<\/ul>)/, (_, start) => start + list);
  return new Response(html, { headers: page.headers });
}

// Of the session that is on, and not past their end; the last seen first.
async function keptPages() {
  const { shelf } = await inTurn(readNotes);
  const pages = await caches.open(NAMES.pages);
  const copies = [];
  for (const { url: address } of await pages.keys()) {
    const response = await pages.match(address, { ignoreVary: true });
    const headers = response?.headers;
    const end = Number(headers?.get(KEPT_AT)) + Number(headers?.get(KEEP)) * 1000;
    if (response && headers.get(SHELF) === shelf && Date.now() < end) copies.unshift({ address, response });
  }
  return copies;
}

function moment({ response }, language) {
  const at = new Date(Number(response.headers.get(KEPT_AT)));
  const said = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(at);
  return `<time datetime="${at.toISOString()}">${said}</time>`;
}

function titleOf(html) {
  return (/<title>([^]*?)<\/title>/.exec(html)?.[1] ?? "").replace(/\s+/g, " ").replace(/ ?· MyMovie ?$/, "").trim();
}

function languageOf(url) {
  return Object.keys(SITE.offline).find((code) => url.pathname.startsWith(`/${code}/`)) ?? SITE.language;
}

// Whose shelf it is

let turn = Promise.resolve();

function inTurn(act) {
  const mine = turn.then(act);
  turn = mine.catch(() => {});
  return mine;
}

async function readNotes() {
  const notes = await caches.open(NAMES.notes);
  return (await (await notes.match("/notes"))?.json()) ?? { shelf: null, ended: [] };
}

async function changeShelf(shelf, ended = []) {
  changed = clock;
  await caches.delete(NAMES.pages);
  await caches.delete(NAMES.pictures);
  const old = await readNotes();
  const notes = await caches.open(NAMES.notes);
  await notes.put("/notes", Response.json({ shelf, ended: [...old.ended, ...ended].slice(-20) }));
}

// Also when the site does not hear of it: whoever presses the button wants to be gone.
async function signedOut() {
  changed = ++clock;
  await inTurn(async () => {
    const { shelf } = await readNotes();
    await changeShelf(null, shelf && shelf !== SITE.nobodys ? [shelf] : []);
  });
}

// Files and pictures

async function file(event, url) {
  const files = await caches.open(NAMES.files);
  const kept = await files.match(event.request, { ignoreVary: true });
  if (kept && HASHED.test(url.pathname)) return kept;
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(files.put(event.request.url, response.clone()).then(() => trim("files")));
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function keepFilesOf(html) {
  const files = await caches.open(NAMES.files);
  for (const [, address] of html.matchAll(FILES_OF_A_PAGE)) {
    if (HASHED.test(address) && (await files.match(address, { ignoreVary: true }))) continue;
    const response = await fetch(address);
    if (response.ok) await files.put(address, response);
  }
}

async function picture(event, isOurs) {
  const pictures = await caches.open(NAMES.pictures);
  const kept = await pictures.match(event.request.url, { ignoreVary: true });
  if (kept) return kept;
  const response = await readable(event.request.url).catch(() => null);
  if (!response) return isOurs ? Response.error() : fetch(event.request);
  if (response.ok) event.waitUntil(pictures.put(event.request.url, response.clone()).then(() => trim("pictures")));
  return response;
}

// An answer that may not be read is reckoned to be of several megabytes, whatever it weighs.
function readable(address) {
  return fetch(address, { mode: "cors", credentials: "omit" });
}

async function trim(name) {
  const cache = await caches.open(NAMES[name]);
  const keys = await cache.keys();
  const spared = Object.values(SITE.offline);
  const oldest = keys.filter(({ url }) => !spared.includes(new URL(url).pathname));
  await Promise.all(oldest.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
}
