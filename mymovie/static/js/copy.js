// An address that is to be used elsewhere is copied at a press.
for (const field of document.querySelectorAll(".copied")) {
  const input = field.querySelector("input");
  const button = field.querySelector("button");
  input.addEventListener("focus", () => input.select());
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(input.value);
    button.textContent = button.dataset.said;
  });
}
