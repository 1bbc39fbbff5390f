// What is typed into the record form outlives a lost connection or an expired session, until it is saved.
const SENT = "record-sent";
const draftName = "record-draft:" + location.pathname;
const draftForm = document.querySelector(".record-form");

if (draftForm) {
  if (draftForm.hasAttribute("data-draft")) restore();
  sessionStorage.removeItem(SENT);
  draftForm.addEventListener("input", keep);
  draftForm.addEventListener("submit", () => sessionStorage.setItem(SENT, draftName));
} else if (sessionStorage.getItem(SENT)) {
  // The wall is shown after a record was saved.
  sessionStorage.removeItem(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
}

function keep() {
  const typed = [...new FormData(draftForm)].filter(([name]) => name !== "csrfmiddlewaretoken");
  sessionStorage.setItem(draftName, JSON.stringify(typed));
}

function restore() {
  for (const [name, value] of JSON.parse(sessionStorage.getItem(draftName) || "[]")) {
    if (draftForm.elements[name]) draftForm.elements[name].value = value;
  }
}
