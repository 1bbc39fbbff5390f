// On the search page the arrows lead from the box to its results and back.
const box = document.getElementById("q");
const form = box.form;

// What Enter has asked is not asked again by the pause after typing.
let asked = "";

form.addEventListener("htmx:confirm", (event) => {
  if (event.target !== form) return;
  const asks = new URLSearchParams(new FormData(form)).toString();
  if (asks === asked && event.detail.triggeringEvent.type === "input") return event.preventDefault();
  asked = asks;
});

// Whoever has gone on to a result keeps their place while others come, or is led back to the box where theirs is gone.
const results = document.getElementById("results");
let place = null;

results.addEventListener("htmx:beforeSwap", () => {
  place = document.activeElement.closest("#results a")?.getAttribute("href");
});
results.addEventListener("htmx:afterSwap", () => {
  if (place) (results.querySelector(`a[href="${CSS.escape(place)}"]`) ?? box).focus({ preventScroll: true });
});

function stops() {
  const results = [...document.querySelectorAll("#results .result")];
  return results.map((result) => result.querySelector(".film-title[href], .result-acts a")).filter(Boolean);
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = stops();
  const result = event.target.closest("#results .result");
  const here = event.target === box ? -1 : all.findIndex((stop) => result?.contains(stop));
  if (event.target !== box && here < 0) return;
  const next = here + step;
  const target = next < 0 ? box : all[Math.min(next, all.length - 1)];
  if (!target) return;
  event.preventDefault();
  target.focus();
});
