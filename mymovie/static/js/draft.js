// What is typed into the record form outlives a lost connection or a closed page, until it is saved.
const SENT = "record-sent";
const NOT_TYPED = ["csrfmiddlewaretoken"];
const draft = "record-draft:" + location.pathname;
const form = document.querySelector(".record-form");

if (form) {
  if (form.hasAttribute("data-draft")) restore();
  sessionStorage.removeItem(SENT);
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, draft));
} else if (sessionStorage.getItem(SENT)) {
  // The wall is shown after a record was saved.
  sessionStorage.removeItem(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
}

function keep() {
  const typed = [...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name));
  sessionStorage.setItem(draft, JSON.stringify(typed));
}

function restore() {
  for (const [name, value] of JSON.parse(sessionStorage.getItem(draft) || "[]")) {
    if (form.elements[name]) form.elements[name].value = value;
  }
}
