// Whoever looks at another tab sees in its title how far the import is; whoever listens hears each new step, once.
const title = document.title;
const said = document.querySelector("#progress-said");
let step = heading();

function heading() {
  return document.querySelector("#progress h1").textContent;
}

function show() {
  const bar = document.querySelector("#progress progress");
  if (!bar) return;
  document.title = bar.hasAttribute("value") ? `${bar.value}% · ${title}` : title;
  if (heading() !== step) said.textContent = step = heading();
}

document.addEventListener("htmx:afterSettle", show);
show();
