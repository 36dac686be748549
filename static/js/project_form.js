// The form works without this: it keeps people from leaving with unsaved changes and from sending
// twice, counts letters, and shows the picture that was chosen.
const form = document.querySelector(".project-form");
let changed = false;
let sending = false;
let sentAt = -Infinity;

form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", (event) => {
  sending = true;
  if (event.timeStamp - sentAt < 2000) event.preventDefault();
  else sentAt = event.timeStamp;
});
addEventListener("beforeunload", (event) => {
  if (changed && !sending) event.preventDefault();
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

const picture = form.querySelector("input[type=file]");
picture?.addEventListener("change", () => {
  const [file] = picture.files;
  const shown = form.querySelector(".picture-chosen") ?? document.createElement("img");
  shown.className = "picture-chosen";
  shown.alt = "";
  shown.hidden = !file?.type.startsWith("image/");
  if (!shown.hidden) shown.src = URL.createObjectURL(file);
  picture.after(shown);
});
