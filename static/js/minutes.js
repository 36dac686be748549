// The editor of the minutes works without this: each decision and action then has a page of its own.
// With it their forms open beside the text, which stays as it is while they are sent.
const doc = document;
const agenda = doc.querySelector(".writing__agenda");

const partOf = (html, part) => new DOMParser().parseFromString(html, "text/html").querySelector(part);
const failed = (yes) => {
  const line = doc.querySelector("[data-entry-failed]");
  line.textContent = yes ? line.dataset.offline : "";
};

function show(entry) {
  const place = doc.querySelector("[data-entry-place]");
  place.replaceChildren(...(entry ? [doc.adoptNode(entry)] : []));
  if (!entry) return doc.querySelector("[data-outcome]").focus();
  for (const box of entry.querySelectorAll(".chosen .control")) narrow(box);
  count(entry);
  const first = entry.querySelector("[role=alert]") ?? entry.querySelector("textarea, input:not([type=hidden])");
  first.focus();
  entry.scrollIntoView({ block: "nearest" });
}

// Long lists of boxes get a field that narrows them down.
function narrow(control) {
  const choices = [...control.querySelectorAll("fieldset label")];
  if (choices.length < 12) return;
  const field = doc.createElement("input");
  field.type = "search";
  field.className = "narrow";
  field.setAttribute("aria-label", control.querySelector("legend").textContent.trim());
  field.addEventListener("input", () => {
    const words = field.value.toLocaleLowerCase();
    for (const choice of choices) {
      const hit = choice.textContent.toLocaleLowerCase().includes(words);
      choice.parentElement.hidden = !hit && !choice.querySelector("input").checked;
    }
  });
  control.querySelector("legend").after(field);
}

// How many voted how, while the boxes are ticked.
function count(entry) {
  const row = entry.querySelector("[data-counts]");
  if (!row) return;
  const cells = [...row.querySelectorAll("td")];
  const tell = () => {
    for (const [place, cell] of cells.entries()) {
      cell.textContent = entry.querySelectorAll(`.votes tbody td:nth-of-type(${place + 1}) :checked`).length;
    }
  };
  row.hidden = false;
  entry.querySelector(".votes").addEventListener("change", tell);
  tell();
}

async function open(address) {
  const page = await fetch(address);
  const entry = page.ok && partOf(await page.text(), "[data-entry]");
  if (entry) show(entry);
  else location.assign(address); // logged out, or no longer writable: the page says so
}

// A page that is neither the form with its errors nor the editor is shown as it is: it hands back
// what was typed.
async function send(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const html = answer.ok ? await answer.text() : "";
  const outcome = answer.redirected && partOf(html, "[data-outcome]");
  const entry = partOf(html, "[data-entry]");
  button.disabled = false;
  if (outcome) {
    doc.querySelector("[data-outcome]").replaceWith(doc.adoptNode(outcome));
    renewMarks(html);
    show(null);
  } else if (entry) show(entry);
  else form.submit();
}

function renewMarks(html) {
  for (const mark of agenda.querySelectorAll("[data-has]")) {
    mark.replaceWith(doc.adoptNode(partOf(html, `[data-has="${mark.dataset.has}"]`)));
  }
}

doc.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const cancel = event.target.closest("[data-entry-place] [data-cancel]");
  if (!opener && !cancel) return;
  event.preventDefault();
  failed(false);
  if (cancel) show(null);
  else open(opener.dataset.opens).catch(() => failed(true));
});

doc.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-entry-place] [data-entry-form]")) return;
  event.preventDefault();
  failed(false);
  send(event.target).catch(() => {
    event.target.querySelector("button").disabled = false;
    failed(true);
  });
});

// Who writes at which item now
doc.addEventListener("presence", ({ detail: { elsewhere = {} } }) => {
  for (const place of agenda.querySelectorAll("[data-writers]")) {
    const isHere = place.parentElement.hasAttribute("aria-current");
    place.textContent = isHere ? "" : elsewhere[place.dataset.writers] ?? "";
  }
});
