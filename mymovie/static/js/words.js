// The browser completes a whole field; of several tags with commas between them it is to complete the last.
const field = document.querySelector('.record-form [name="tags"]');
const list = document.getElementById("my-tags");
const known = [...list.options].map((option) => option.value);

field.addEventListener("input", () => {
  const typed = field.value.split(/[,、，]/);
  const last = typed.pop().trim().toLowerCase();
  const before = typed.map((tag) => tag.trim()).filter(Boolean);
  const given = new Set(before.map((tag) => tag.toLowerCase()));
  const fitting = known.filter((tag) => !given.has(tag.toLowerCase()) && tag.toLowerCase().includes(last)).slice(0, 12);
  list.replaceChildren(...fitting.map((tag) => new Option("", [...before, tag].join(", "))));
});
