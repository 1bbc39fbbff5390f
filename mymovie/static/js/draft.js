// What is typed into a form marked with data-draft outlives a reload, a closed tab, a lost connection and the end of a
// session, until it is saved: for 30 days in this browser, sealed with a secret that only this person's pages hold. What
// a visitor types goes with the tab. Other modules say `draft:done` of a form that was saved, and `draft:offer` of a new one.
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const SENT = "draft-sent";
const WAS_SOMEBODYS = "draft-was-somebodys";
const NOT_TYPED = ["csrfmiddlewaretoken", "stamp"];
const OF_A_VIEWING = ["watched", "watched_on", "is_again"];
const secret = document.querySelector("[data-drafts]")?.dataset.drafts;
const shelf = opened(secret ? "localStorage" : "sessionStorage");
const tab = opened("sessionStorage");
const encoded = (text) => new TextEncoder().encode(text);
const names = new WeakMap(); // of each form: a page that is being left cannot wait for one
const touched = new WeakSet(); // forms into which somebody has typed, or that are done with
const turns = new WeakMap(); // of each form: the turn of what stands on its shelf, which nothing older replaces
const wholes = new WeakSet(); // forms into which a draft came back
let turn = 0;
let isOurs = false; // what we type ourselves is no news

if (shelf && tab && crypto.subtle) begin();

function opened(name) {
  try {
    return window[name];
  } catch {
    return null; // storage is switched off
  }
}

async function begin() {
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => sent(event.target.closest("[data-draft]")));
  document.addEventListener("draft:changed", changed);
  document.addEventListener("draft:done", (event) => forget(event.target));
  document.addEventListener("draft:offer", (event) => restore(event.target));
  sweep();
  leaveNothing();
  // A page that thanks for what was sent follows a form that was saved; any other leaves its draft.
  if (document.querySelector(".message.success, [data-saved]")) shelf.removeItem(tab.getItem(SENT));
  tab.removeItem(SENT);
  for (const form of document.querySelectorAll("form[data-draft]")) names.set(form, await nameOf(form));
  for (const form of document.querySelectorAll("form[data-draft]:not([data-as-sent])")) restore(form);
}

function sweep() {
  for (const name of Object.keys(shelf)) {
    const isOld = name.startsWith("draft:") && !(Number.parseInt(shelf.getItem(name)) > Date.now() - KEPT_FOR);
    if (isOld) shelf.removeItem(name);
  }
}

// What somebody typed in this tab before they signed in is not for whoever sits here after they signed out.
function leaveNothing() {
  if (secret) return tab.setItem(WAS_SOMEBODYS, "yes");
  if (!tab.getItem(WAS_SOMEBODYS)) return;
  for (const name of Object.keys(tab)) if (name.startsWith("draft:")) tab.removeItem(name);
  tab.removeItem(WAS_SOMEBODYS);
}

async function digest(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", encoded(text)));
}

// A form is the same in every language; its name on the shelf tells nobody which it is.
async function nameOf(form) {
  const plain = form.dataset.draftName || location.pathname.replace(/^\/en\//, "/");
  const bytes = await digest(`${secret} ${plain}`);
  return `draft:${[...bytes.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

async function key() {
  return crypto.subtle.importKey("raw", await digest(`seal ${secret}`), "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function seal(text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), encoded(text));
  return btoa(Array.from([...iv, ...new Uint8Array(sealed)], (byte) => String.fromCharCode(byte)).join(""));
}

async function unseal(sealed) {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, await key(), bytes.slice(12));
  return new TextDecoder().decode(text);
}

function fieldsOf(form) {
  const fields = [...form.querySelectorAll("input, select, textarea")];
  return fields.filter((field) => field.name && field.type !== "file" && !NOT_TYPED.includes(field.name));
}

const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const isAsIs = (field) => field.type === "hidden";
const placeOf = (field) => JSON.stringify([field.name, isTicked(field) && field.value]);

function isTyped(field) {
  if (isTicked(field)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

// Only what was changed is a draft, so that what another window has saved since is not taken back by it; but a form that
// shows what was typed before is one altogether.
const isWhole = (form) => wholes.has(form) || form.matches("[data-as-sent]") || form.querySelector("[data-as-sent]") !== null;

function changed(event) {
  const form = event.target.closest("[data-draft]");
  if (form && !isOurs) keep(form, false);
}

async function keep(form, wasSent) {
  const mine = ++turn;
  touched.add(form);
  const fields = fieldsOf(form).filter((field) => wasSent || isWhole(form) || isTyped(field));
  if (!fields.length) return forget(form);
  const typed = fields.map((field) => [placeOf(field), isTicked(field) ? field.checked : field.value, isAsIs(field)]);
  const text = JSON.stringify({ typed, wasSent, kind: kindOf(form) });
  const [name, sealed] = [await nameOf(form), await seal(text)];
  if (mine < turns.get(form)) return;
  turns.set(form, mine);
  try {
    shelf.setItem(name, `${Date.now()}.${sealed}`);
  } catch {
    // the browser's shelf is full: the form itself still holds what was typed
  }
}

// What the form asks for, where the same words may be asked for in another way.
const kindOf = (form) => (form.querySelector("[data-kind]") || form).dataset.kind;

function sent(form) {
  if (!form) return;
  keep(form, true);
  if (names.has(form)) tab.setItem(SENT, names.get(form));
}

async function forget(form) {
  const mine = ++turn;
  touched.add(form);
  turns.set(form, mine);
  const name = await nameOf(form);
  if (turns.get(form) === mine) shelf.removeItem(name);
}

async function restore(form) {
  const found = shelf.getItem(await nameOf(form));
  const [, sealed] = found?.split(".") || [];
  if (!sealed || touched.has(form)) return; // somebody was quicker than we
  let draft;
  try {
    draft = JSON.parse(await unseal(sealed));
  } catch {
    return forget(form); // it was kept by another secret
  }
  if (touched.has(form)) return;
  const isAnother = !draft.wasSent && kindOf(form) !== draft.kind;
  const kept = new Map();
  const isThere = draft.wasSent && hasArrived(draft);
  for (const [place, value, wasHidden] of draft.typed) {
    if (isThere && (wasHidden || OF_A_VIEWING.includes(JSON.parse(place)[0]))) continue;
    // What nobody typed comes back only with what was sent and may have arrived: so it is known again as the same.
    if (draft.wasSent || !wasHidden) kept.set(place, [...(kept.get(place) || []), value]);
  }
  const news = fieldsOf(form).filter((field) => {
    const values = kept.get(placeOf(field));
    if (!values?.length || (isAnother && (isTicked(field) || isAsIs(field)))) return false;
    const value = values.shift();
    const property = isTicked(field) ? "checked" : "value";
    const isNews = field[property] !== value;
    field[property] = value;
    return isNews;
  });
  if (news.length) wholes.add(form);
  tell(news);
  const words = news.filter((field) => !isAsIs(field) && !field.hidden && field.role !== "combobox");
  if (words.length) note(form);
  form.dispatchEvent(new CustomEvent("draft:back", { bubbles: true }));
}

// Whoever leaves the page that thanks before we run on it finds there, with its number, the viewing that they have sent: it
// does not come back to be sent once more. What else was typed does, where it is not what stands.
function hasArrived(draft) {
  const there = [...document.querySelectorAll("[data-submission]")].map((found) => found.dataset.submission);
  return draft.typed.some(([place, value]) => JSON.parse(place)[0] === "submission" && there.includes(value));
}

function tell(fields) {
  isOurs = true;
  for (const field of fields) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  isOurs = false;
}

function note(form) {
  const made = document.getElementById("draft-note").content.cloneNode(true).firstElementChild;
  const place = form.querySelector("[data-draft-note]");
  if (place) place.replaceChildren(made);
  else form.prepend(made);
  made.setAttribute("role", "status");
  made.querySelector("button").addEventListener("click", () => {
    forget(form);
    made.remove();
    touched.delete(form);
    wholes.delete(form);
    for (const part of form.matches("form") ? [form] : form.querySelectorAll("form")) {
      part.reset();
      tell(fieldsOf(part));
      part.querySelector("input:not([type=hidden]), textarea")?.focus();
    }
  });
}
