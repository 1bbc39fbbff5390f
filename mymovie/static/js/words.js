// The words about a film in the form for its record: tags are completed one by one, what a draft has brought back is not left
// closed, and a draft remembers upon what it was written.
const form = document.querySelector(".record-form");
const part = form.querySelector(".words-fields");
const tags = form.elements.tags;
const shown = form.elements.shown;
const list = document.getElementById("my-tags");
const known = [...list.options].map((option) => option.value);

// The browser completes a whole field; of several tags with commas between them it is to complete the last.
tags.addEventListener("input", () => {
  const typed = tags.value.split(/[,、，]/);
  const last = typed.pop().trim().toLowerCase();
  const before = typed.map((tag) => tag.trim()).filter(Boolean);
  const given = new Set(before.map((tag) => tag.toLowerCase()));
  const fitting = known.filter((tag) => !given.has(tag.toLowerCase()) && tag.toLowerCase().includes(last)).slice(0, 12);
  list.replaceChildren(...fitting.map((tag) => new Option("", [...before, tag].join(", "))));
});

// A field that somebody has changed is kept with a draft: this one, once they have changed any of those that it tells of. The point
// at its end says nothing to the server.
part.addEventListener("input", (event) => {
  if (event.target !== shown && !shown.value.endsWith(".")) shown.value += ".";
});

function openIfWritten() {
  const written = [...part.querySelectorAll("textarea:not([readonly])"), tags].some((field) => field.value);
  if (written) part.open = true;
}

document.addEventListener("draft:back", openIfWritten);
openIfWritten();
