// The record form: slider, number and stars say the same score, and the day is asked for only when it is another day.
const form = document.querySelector(".record-form");
const number = form.elements.score;
const slider = form.querySelector(".score-slider");
const gold = form.querySelector(".stars rect + rect");

function show(score) {
  gold.setAttribute("width", `${score || 0}%`);
  slider.classList.toggle("is-unset", score === "");
}

slider.addEventListener("input", () => {
  number.value = slider.value;
  show(slider.value);
});

number.addEventListener("input", () => {
  if (number.value !== "") slider.value = number.value;
  show(number.value);
});

// Digits typed on the slider are meant for the number.
slider.addEventListener("keydown", (event) => {
  if (/^\d$/.test(event.key)) {
    number.focus();
    number.select();
  }
});

const day = form.querySelector(".day-field");

function askForDay() {
  day.hidden = form.elements.watched.value !== "day";
}

form.addEventListener("change", askForDay);
slider.hidden = false;
if (number.value !== "") slider.value = number.value;
show(number.value);
askForDay();
