// The form works without this: it shows the chosen picture, asks about it only once it is there,
// counts letters, keeps people from leaving with unsent words and from sending twice.
const form = document.querySelector(".update-form");
const picture = form.querySelector("input[type=file]");
const about = form.querySelector(".update-form__picture");
let changed = false;
let sentAt = -Infinity;

form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", (event) => {
  changed = false;
  if (event.timeStamp - sentAt < 2000) event.preventDefault();
  else sentAt = event.timeStamp;
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

for (const area of form.querySelectorAll("textarea[maxlength]")) {
  const count = document.createElement("p");
  count.className = "control__help";
  count.setAttribute("aria-hidden", "true");
  const show = () => { count.textContent = `${area.value.length} / ${area.maxLength}`; };
  area.addEventListener("input", show);
  area.after(count);
  show();
}

const filled = [...about.querySelectorAll("input, select")].some((field) => field.value);
about.hidden = !filled && !form.querySelector(".picture-now") && !about.querySelector(".errorlist");
picture.addEventListener("change", () => {
  const [file] = picture.files;
  const shown = form.querySelector(".picture-chosen") ?? document.createElement("img");
  shown.className = "picture-chosen";
  shown.alt = "";
  shown.hidden = !file?.type.startsWith("image/");
  if (!shown.hidden) shown.src = URL.createObjectURL(file);
  picture.after(shown);
  if (file) about.hidden = false;
});
