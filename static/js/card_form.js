// The form works without this: it counts letters, shows the picture that was chosen, and adds rows.
const form = document.querySelector("form[data-card]");

function count(area) {
  const counted = document.createElement("p");
  counted.className = "control__help";
  counted.setAttribute("aria-hidden", "true");
  const show = () => { counted.textContent = `${area.value.length} / ${area.maxLength}`; };
  area.addEventListener("input", show);
  area.addEventListener("restored", show);
  area.after(counted);
  show();
}

function preview(input) {
  const shown = document.createElement("img");
  shown.className = "picture-chosen";
  shown.alt = "";
  shown.hidden = true;
  input.after(shown);
  input.addEventListener("change", () => {
    const [file] = input.files;
    shown.hidden = !file?.type.startsWith("image/");
    if (!shown.hidden) shown.src = URL.createObjectURL(file);
  });
}

function improve(part) {
  for (const area of part.querySelectorAll("textarea[maxlength]")) count(area);
  for (const input of part.querySelectorAll('input[type=file][accept^="image"]')) preview(input);
}

// Another row at once, where without this it comes with saving.
for (const rows of form.querySelectorAll("[data-rows]")) {
  const template = rows.querySelector("template");
  const total = rows.querySelector('[name$="-TOTAL_FORMS"]');
  const most = rows.querySelector('[name$="-MAX_NUM_FORMS"]');
  const button = rows.querySelector("[data-more]");
  if (!template) continue;
  const add = () => {
    const box = document.createElement("div");
    box.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = box.firstElementChild;
    total.value = Number(total.value) + 1;
    row.querySelector("legend").append(` ${total.value}`);
    template.before(row);
    improve(row);
    button.hidden = Number(total.value) >= Number(most.value);
    return row;
  };
  rows.addEventListener("more", add);
  button.textContent = button.dataset.more;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    add().querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}

// What is put back into a folded part is seen.
form.addEventListener("restored", ({ target }) => target.closest("details")?.setAttribute("open", ""));

improve(form);
