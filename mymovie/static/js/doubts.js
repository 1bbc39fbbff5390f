// A film in doubt is settled by a key: each button names its own, and the arrows lead from poster to poster.
const candidates = [...document.querySelectorAll(".candidate")];
document.querySelector(".doubt").classList.add("has-keys");

function pressed(key) {
  const target = document.querySelector(`[data-keys~="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input")) target.focus();
  else target.click();
  return true;
}

function walked(key) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const here = candidates.indexOf(document.activeElement);
  if (!step || !candidates.length || (here < 0 && document.activeElement !== document.body)) return false;
  const next = here < 0 ? (step > 0 ? 0 : candidates.length - 1) : here + step;
  candidates[Math.min(Math.max(next, 0), candidates.length - 1)].focus();
  return true;
}

let isSettled = false;
window.addEventListener("pageshow", () => (isSettled = false)); // the page may come back as it was left
document.addEventListener("submit", (event) => (isSettled ||= event.target.method === "post"));
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || isSettled || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (pressed(event.key.toLowerCase()) || walked(event.key)) event.preventDefault();
});
