// "/" leads to the search box, as its mark says.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector('[data-shortcut="/"]');
  if (!box || !box.checkVisibility()) return;
  event.preventDefault();
  box.focus();
  box.select();
});
