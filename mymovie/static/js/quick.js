// The dialog in which a film is found and recorded: "/" or Ctrl-K, type, Enter, score, Enter.
const dialog = document.getElementById("quick");
const inside = dialog.querySelector(".quick-inside");
const words = document.getElementById("quick-words");
const list = document.getElementById("quick-list");
const step = dialog.querySelector(".quick-step");
const done = dialog.querySelector(".quick-done");
const said = dialog.querySelector(".quick-said");
const back = dialog.querySelector(".quick-back");
const picked = inside.querySelector("[name=film]"); // the address of the film that is being scored, kept with the draft
const sayings = document.getElementById("quick-sayings").content;
const TYPING_PAUSE = 150;
const TMDB_PAUSE = 250;
const SLOW = 4000;
const GIVEN_UP = 30000;

let asked = null; // the words whose films are shown
let asking = null; // what aborts the question that is under way
let meant; // the film that Enter was pressed on before the answer came
let pause = 0;
let isBusy = false;
let hasRecorded = false;
let isFresh = true;

const isTyping = (event) => event.isComposing || event.keyCode === 229; // an Enter that ends a conversion picks nothing

// Opening and closing

function open(typed) {
  if (dialog.open || document.querySelector("dialog[open]")) return;
  dialog.showModal();
  fit();
  if (typed) {
    words.value = typed;
    leaveFilm();
  }
  if (isFresh && !typed) inside.dispatchEvent(new CustomEvent("draft:offer", { bubbles: true }));
  isFresh = false;
  if (step.hidden) toWords();
  else focusScore();
  if (asked !== words.value.trim()) ask();
}

function toWords() {
  words.focus();
  words.select();
}

// What was typed before comes back: the words first, then their film, then its score.
inside.addEventListener("draft:back", () => {
  if (picked.value && step.hidden) pick(picked.value, { isBack: true });
  else if (step.hidden) ask();
});

dialog.addEventListener("close", () => {
  done.replaceChildren();
  say("");
  if (hasRecorded && location.pathname === dialog.dataset.wall) location.reload(); // it shows other films by now
});

let isComposing = false;
dialog.addEventListener("compositionstart", () => (isComposing = true));
dialog.addEventListener("compositionend", () => (isComposing = false));
dialog.addEventListener("cancel", (event) => isComposing && event.preventDefault());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
dialog.querySelector(".quick-close").addEventListener("click", () => dialog.close());

// The keys of the page below rest meanwhile.
dialog.addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (isChord(event)) event.preventDefault();
});

const isChord = (event) => (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || isTyping(event) || event.altKey) return;
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey;
  if (!isChord(event) && !(isSlash && !event.target.closest("input, textarea, select, [contenteditable]"))) return;
  event.preventDefault();
  const box = document.querySelector("main [data-shortcut='/']");
  if (!isSlash || !box?.checkVisibility()) return open();
  box.focus();
  box.select();
});

document.addEventListener("click", (event) => {
  const door = event.target.closest("[data-quick]");
  if (!door || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(door.value?.trim());
});

// Above the keyboard of a phone, which no unit of CSS knows of everywhere.
function fit() {
  if (visualViewport) dialog.style.setProperty("--height", `${visualViewport.height}px`);
}

visualViewport?.addEventListener("resize", fit);

// Saying

function say(name, text = "") {
  const saying = name && sayings.querySelector(`[data-saying="${name}"]`);
  if (saying) said.replaceChildren(...saying.cloneNode(true).childNodes);
  else said.textContent = text;
  said.classList.toggle("is-trouble", ["unheard", "unsaved", "gone", "ended", "tmdb"].includes(name));
}

function asFragment(html) {
  return document.createRange().createContextualFragment(html);
}

// Only of our own pages, and as a part: whatever else comes is no answer.
async function get(address, options = {}) {
  const ends = [AbortSignal.timeout(GIVEN_UP), options.signal].filter(Boolean);
  const signal = AbortSignal.any ? AbortSignal.any(ends) : ends.at(-1); // older browsers: the one that matters more
  return fetch(address, { redirect: "manual", ...options, signal, headers: { "X-Quick": "1" } });
}

// Finding

words.addEventListener("input", () => {
  clearTimeout(pause);
  meant = undefined;
  done.replaceChildren();
  pause = setTimeout(ask, TYPING_PAUSE);
});

async function ask() {
  clearTimeout(pause);
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = words.value.trim();
  const late = setTimeout(() => say("loading"), 300);
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await get(`${dialog.dataset.address}?q=${encodeURIComponent(query)}`, { signal: mine.signal });
    if (!answer.ok) throw new Error(answer.status);
    const html = await answer.text();
    if (mine.signal.aborted) return;
    clearTimeout(late);
    show(html, query);
    await askElsewhere(mine, query);
  } catch {
    if (!mine.signal.aborted) say("unheard");
  } finally {
    clearTimeout(late);
    if (asking === mine) list.removeAttribute("aria-busy");
  }
}

function show(html, query) {
  asked = query;
  list.replaceChildren(asFragment(html));
  activate(query ? options()[0] : null);
  unfold();
  const told = list.querySelector(".quick-told");
  const text = told?.dataset.told || "";
  if (query && !options().length) say(told.dataset.elsewhere ? "elsewhere" : "nothing");
  else if (!query && done.childElementCount) return;
  else say("", text);
  if (meant && active()?.id === meant) choose(active());
  meant = undefined;
}

async function askElsewhere(mine, query) {
  const address = list.querySelector(".quick-told")?.dataset.elsewhere;
  if (!address) return;
  await new Promise((resume) => setTimeout(resume, TMDB_PAUSE));
  if (mine.signal.aborted) return;
  const answer = await get(address, { signal: mine.signal }).catch(() => null);
  if (mine.signal.aborted) return;
  const part = answer?.ok ? asFragment(await answer.text()) : null;
  if (mine.signal.aborted) return;
  if (!part || part.querySelector("[data-trouble]")) return say("tmdb");
  list.append(part);
  if (!active()) activate(options()[0]);
  unfold();
  if (!options().length) say("nothing");
  else if (said.textContent.trim() && step.hidden) say("", list.querySelector(".quick-told").dataset.told);
}

// Choosing

const options = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");
const unfold = () => words.setAttribute("aria-expanded", String(step.hidden && options().length > 0));

function activate(option) {
  active()?.setAttribute("aria-selected", "false");
  if (!option) return words.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  words.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

words.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const all = options();
  const here = all.indexOf(active());
  const moves = { ArrowDown: (here + 1) % all.length, ArrowUp: (here < 1 ? all.length : here) - 1 };
  if (event.key in moves && all.length) {
    event.preventDefault();
    activate(all[moves[event.key]]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (asked === words.value.trim()) return active() && choose(active());
    // The films of other words are still shown: the one that was chosen among them is meant only if it is found anew.
    meant = active()?.id;
    ask();
  }
});

list.addEventListener("mousedown", (event) => event.preventDefault()); // the words keep the focus
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(option);
});

function choose(option) {
  activate(option);
  if (option.dataset.leads) location.assign(option.dataset.leads);
  else pick(option.dataset.address);
}

async function pick(address, { isBack = false } = {}) {
  if (isBusy) return;
  isBusy = true;
  const late = setTimeout(() => say("loading"), 300);
  try {
    const answer = await get(address);
    const html = answer.ok ? await answer.text() : "";
    clearTimeout(late);
    if (answer.ok) enterFilm(address, html, isBack);
    else missed(answer.status === 404 ? "gone" : answer.type === "opaqueredirect" ? "ended" : "unheard");
  } catch {
    clearTimeout(late);
    missed("unheard");
  } finally {
    isBusy = false;
  }
}

function missed(name) {
  if (name === "gone") leaveFilm();
  say(name);
}

function enterFilm(address, html, isBack) {
  picked.value = address;
  asking?.abort();
  done.replaceChildren();
  say("");
  fill(html);
  isBack ? inside.dispatchEvent(new CustomEvent("draft:offer", { bubbles: true })) : remember();
}

function remember() {
  inside.dispatchEvent(new CustomEvent("draft:changed", { bubbles: true }));
}

function fill(html) {
  step.replaceChildren(asFragment(html));
  list.hidden = step.firstElementChild !== null;
  step.hidden = back.hidden = !list.hidden;
  inside.classList.toggle("is-scoring", list.hidden);
  unfold();
  if (step.hidden) return;
  showScore();
  focusScore();
}

function leaveFilm() {
  picked.value = "";
  fill("");
}

back.addEventListener("click", () => {
  leaveFilm();
  remember();
  toWords();
  if (asked !== words.value.trim()) ask();
});

// Scoring

const score = () => step.querySelector("#quick-score");
const slider = () => step.querySelector(".score-slider");

function focusScore() {
  score().focus();
  score().select();
}

function showScore() {
  const value = score().value;
  const number = /^\d{1,3}$/.test(value) && Number(value) <= 100 ? value : "";
  step.querySelector(".stars rect + rect").setAttribute("width", `${number || 0}%`);
  slider().classList.toggle("is-unset", number === "");
  if (number) slider().value = number;
  if (number) score().setAttribute("aria-valuenow", number);
  else score().removeAttribute("aria-valuenow");
}

step.addEventListener("input", (event) => {
  if (event.isComposing) return;
  if (event.target === slider()) score().value = slider().value;
  else if (event.target === score()) inHalfWidth();
  else return;
  showScore();
});

step.addEventListener("compositionend", (event) => {
  if (event.target !== score()) return;
  inHalfWidth();
  showScore();
});

// ９５ is 95.
function inHalfWidth() {
  const narrow = score().value.normalize("NFKC").trim();
  if (narrow !== score().value) score().value = narrow;
}

step.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  if (event.target === slider() && /^\d$/.test(event.key)) return focusScore(); // digits are meant for the number
  const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (event.target !== score() || !way) return;
  event.preventDefault();
  const now = Number.parseInt(score().value);
  const next = Number.isNaN(now) ? 50 : now + way * (event.shiftKey ? 10 : 1);
  score().value = Math.min(Math.max(next, 0), 100);
  showScore();
  remember();
});

step.addEventListener("change", (event) => {
  const day = step.querySelector(".quick-day");
  if (event.target.name === "watched") day.hidden = event.target.form.elements.watched.value !== "day";
});

// Recording

step.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-leads")) return;
  event.preventDefault();
  record(event.target);
});

// In a form of several inputs an Enter sends it by its button; one that ends a conversion must not.
step.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && isTyping(event)) event.preventDefault();
});

async function send(form) {
  form.setAttribute("aria-busy", "true");
  const late = setTimeout(() => say("slow"), SLOW);
  try {
    const answer = await get(form.action, { method: "POST", body: new FormData(form) });
    const html = answer.ok || answer.status === 400 ? await answer.text() : "";
    if (answer.type === "opaqueredirect" || answer.status === 403) say("ended");
    else if (answer.status === 404) say("gone");
    else if (!asFragment(html).querySelector(".quick-form, .quick-recorded")) say("unsaved");
    else return { isDone: answer.ok, html };
  } catch {
    say("unsaved");
  } finally {
    clearTimeout(late);
    form.removeAttribute("aria-busy");
  }
  return null;
}

async function record(form) {
  if (isBusy) return;
  isBusy = true;
  const answer = await send(form);
  isBusy = false;
  if (!answer) return;
  if (!answer.isDone) {
    say("");
    fill(answer.html);
    remember();
    return;
  }
  hasRecorded = true;
  words.value = "";
  activate(null);
  list.replaceChildren(); // the films of the words before: an Enter is not meant for them
  leaveFilm();
  confirm(answer.html);
  toWords();
  ask();
}

function confirm(html) {
  inside.dispatchEvent(new CustomEvent("draft:done", { bubbles: true }));
  done.replaceChildren(asFragment(html));
  say("", done.querySelector("[data-told]").textContent.replace(/\s+/g, " ").trim());
}

done.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  const answer = await send(event.target);
  isBusy = false;
  if (answer?.isDone) confirm(answer.html);
  toWords();
  if (answer?.isDone) ask(); // it may be waited for again
});
