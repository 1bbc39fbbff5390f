// The address of a page goes to whatever the device shares with; where it has nothing, it is copied.
for (const button of document.querySelectorAll(".share[data-url]")) {
  const { url, title, said } = button.dataset;
  button.hidden = !navigator.share && !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share({ title, url });
      await navigator.clipboard.writeText(url);
      const name = button.textContent;
      button.textContent = button.nextElementSibling.textContent = said;
      setTimeout(() => (button.textContent = name), 3000);
    } catch {
      // They thought better of it, or the browser does not let us: the address stands above.
    }
  });
}
