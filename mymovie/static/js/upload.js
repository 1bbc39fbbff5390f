// A file goes straight to S3 as soon as it is chosen or dropped, and says how far it is; then the site is told to look at it.
const form = document.querySelector(".upload");
const arrived = document.querySelector(".arrived");

if (form) {
  const input = form.elements.file;
  const said = form.querySelector(".upload-said");
  const bar = form.querySelector("progress");
  const words = form.dataset;
  form.querySelector("button").hidden = true;
  input.addEventListener("change", sendChosen);
  sendChosen(); // it may have been chosen before this script came

  function sendChosen() {
    if (input.files.length) send(input.files[0]);
  }

  function send(file) {
    bar.hidden = true;
    if (file.size > Number(words.largest)) return refuse(words.tooLarge);
    if (file.size === 0) return refuse(words.empty);
    arrived.elements.name.value = file.name;
    const { url, fields } = JSON.parse(words.fields);
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) => body.append(name, value));
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => (bar.value = (event.loaded / event.total) * 100));
    request.addEventListener("load", () => (request.status < 300 ? arrived.requestSubmit() : refuse(words.lost)));
    request.addEventListener("error", () => refuse(words.lost));
    request.open("POST", url);
    request.send(body);
    input.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    say(words.sending, false);
  }

  function refuse(why) {
    input.disabled = false;
    input.value = "";
    bar.hidden = true;
    say(why, true);
  }

  function say(text, isTrouble) {
    said.textContent = text;
    said.classList.toggle("is-trouble", isTrouble);
  }
}
