// The form works without this. With it a draft saves itself while people type, and what has not
// reached the portal is kept on this device: through a dead connection, a lost session, a closed
// window. Rows and files wait for the button; published projects too.
const form = document.querySelector("form[data-card]");
const state = form.querySelector("[data-state]");
const lost = form.querySelector("[data-lost]");
const QUIET = 2500; // milliseconds after the last letter
const AGAIN = 15000;
const editors = new Map();
let timer;
let sending;
let token = form.elements.csrfmiddlewaretoken;

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  editors.set(textarea, editor);
});

// What stands in the form, by name; a box that is not ticked counts too.
const isTyped = ({ name, type }) =>
  name && !/^(initial-|choose-|csrf|version|key$|go$)|_FORMS$|-(id|project)$/.test(name) &&
  !["file", "submit", "button"].includes(type);
const valuesOf = (name) =>
  new FormData(form).getAll(name).map((value) => String(value).replace(/\r\n?/g, "\n"));
const typed = () =>
  Object.fromEntries([...form.elements].filter(isTyped).map(({ name }) => [name, valuesOf(name)]));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
let saved = typed();
const changes = () =>
  Object.entries(typed()).filter(([name, values]) => !same(values, saved[name] ?? []));
const picture = form.querySelector("input[type=file][name=picture]");
const rowOf = (name) => /^(initial-)?(.+)-(\d+)-(.+)$/.exec(name);
const isOfRow = (name) => Boolean(rowOf(name)) || name.endsWith("_FORMS");
const isWaiting = () => Boolean(picture?.files.length) || changes().some(([name]) => !isOfRow(name));
const copyKey = () => `card:${form.dataset.card}`;
const time = (date) => date.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });

function say(word, more = "", wrong = false) {
  const words = state.dataset[word] ?? "";
  state.textContent = [words, more].filter(Boolean).join(" ");
  state.classList.toggle("save-state--wrong", wrong);
}

// The copy on this device: what was changed, what it started from, and in which row it stood.
function keepCopy() {
  const changed = changes();
  if (!changed.length) return localStorage.removeItem(copyKey());
  const starts = {};
  for (const [name] of changed) {
    const row = rowOf(name);
    if (row) starts[`${row[2]}-${row[3]}-id`] = valuesOf(`${row[2]}-${row[3]}-id`);
    starts[`initial-${name}`] = valuesOf(`initial-${name}`);
  }
  const copy = { at: Date.now(), version: form.elements.version.value, changed, starts };
  localStorage.setItem(copyKey(), JSON.stringify(copy));
}

function put(name, values) {
  const fields = [...form.elements].filter((field) => field.name === name);
  for (const [place, field] of fields.entries()) {
    if (["checkbox", "radio"].includes(field.type)) {
      field.checked = values.includes(field.value);
    } else {
      field.value = values[place] ?? values[0] ?? "";
      editors.get(field)?.commands.setContent(field.value);
    }
    field.dispatchEvent(new Event("restored", { bubbles: true }));
  }
}

// What a field starts from stands in hidden inputs, one for each choice.
function putStart(name, values) {
  for (const input of form.querySelectorAll(`input[name="${CSS.escape(name)}"]`)) input.remove();
  for (const value of values) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
}

// A row that stands elsewhere by now comes back as a new one.
function placeOf(row, starts, moved) {
  const [, , rows, number] = row;
  const id = `${rows}-${number}-id`;
  if (!(id in moved)) {
    const here = form.elements[id];
    if (here && here.value === (starts[id]?.[0] ?? "")) moved[id] = number;
    else {
      moved[id] = form.elements[`${rows}-TOTAL_FORMS`].value;
      form.querySelector(`[data-rows="${rows}"]`)?.dispatchEvent(new Event("more"));
    }
  }
  return moved[id];
}

function restore({ changed, starts, version }) {
  const moved = {};
  for (const [name, values] of changed) {
    const row = rowOf(name);
    const here = row ? `${row[2]}-${placeOf(row, starts, moved)}-${row[4]}` : name;
    put(here, values);
    if (here === name) putStart(`initial-${name}`, starts[`initial-${name}`]);
  }
  form.elements.version.value = version;
  later();
}

function offer() {
  const kept = JSON.parse(localStorage.getItem(copyKey()) ?? "null");
  if (!kept) return;
  const now = typed();
  if (kept.changed.every(([name, values]) => same(values, now[name] ?? []))) {
    if (!form.querySelector(".control--wrong")) localStorage.removeItem(copyKey());
    return;
  }
  const box = form.querySelector("[data-restore]");
  box.querySelector("[data-restore-when]").textContent =
    new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  box.querySelector("[data-restore-yes]").onclick = () => { box.hidden = true; restore(kept); };
  box.querySelector("[data-restore-no]").onclick = () => { box.hidden = true; localStorage.removeItem(copyKey()); };
  box.hidden = false;
}

// Saving by itself
function later() {
  keepCopy();
  clearTimeout(timer);
  if (!("autosave" in form.dataset) || !isWaiting()) {
    return say(changes().length ? "kept" : "");
  }
  if (lost.hidden) say(navigator.onLine ? "waiting" : "offline", "", !navigator.onLine);
  timer = setTimeout(save, QUIET);
}

function bodyOf(file) {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) {
    if (!isOfRow(name) && (typeof value === "string" || (file && value === file))) body.append(name, value);
  }
  body.append("autosave", "yes");
  return body;
}

async function save(again = true) {
  if (sending) return sending;
  clearTimeout(timer);
  const needed = form.elements[form.dataset.needs];
  if (needed && !needed.value.trim()) return say("waiting");
  const file = picture?.files[0];
  const now = typed();
  say("saving");
  sending = fetch(form.action, { method: "POST", body: bodyOf(file) })
    .then(async (response) => {
      // A bad day, or too much at once: again in a while.
      if (response.status >= 500 || response.status === 429) throw new Error(response.status);
      if (response.ok && !response.redirected) return arrived(await response.json(), now, file);
      if (again && (await refresh())) { sending = null; return save(false); }
      lost.hidden = false;
      return say("waiting", "", true);
    })
    .catch(() => { say("offline", "", true); timer = setTimeout(save, AGAIN); })
    .finally(() => { sending = null; });
  return sending;
}

function arrived({ saved: isSaved, errors, starts, address, card, both = {} }, now, file) {
  lost.hidden = true;
  if (!isSaved) return say("waiting", errors.join(" "), true);
  localStorage.removeItem(copyKey());
  for (const [name, values] of Object.entries(starts)) {
    putStart(name, values);
    const field = name.replace(/^initial-/, "");
    if (field in now) saved[field] = now[field];
  }
  if (file && file === picture.files[0] && "initial-picture" in starts) picture.value = "";
  if (form.dataset.card !== card) {
    form.dataset.card = card;
    history.replaceState(null, "", address);
  }
  showBoth(both);
  keepCopy();
  if (errors.length) return say("partly", errors.join(" "), true);
  say("saved", time(new Date()));
  if (changes().some(([name]) => !isOfRow(name))) timer = setTimeout(save, QUIET);
}

// Where somebody else wrote too, both texts are shown; from then on the person decides, and saves.
function showBoth(both) {
  for (const [name, html] of Object.entries(both)) {
    saved[name] = valuesOf(`initial-${name}`);
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`).closest(".control");
    control.querySelector(".both")?.remove();
    control.querySelector("label").insertAdjacentHTML("afterend", html);
    control.closest("details")?.setAttribute("open", "");
    delete form.dataset.autosave;
  }
}

// Logging in again, elsewhere, has changed the token of this form.
async function refresh() {
  const page = await fetch(location.href);
  const text = await page.text();
  const fresh = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(text)?.[1];
  if (page.redirected || !fresh || !text.includes(`data-card="${form.dataset.card}"`)) return false;
  token.value = fresh;
  return true;
}

const tryAgain = () => { if (isWaiting() && "autosave" in form.dataset) save(); };
addEventListener("online", tryAgain);
addEventListener("offline", () => say("offline", "", true));
addEventListener("focus", () => { if (!lost.hidden) tryAgain(); });
form.addEventListener("input", later);
form.addEventListener("change", later);

// The button: after what is on its way, once, and only where there is a connection.
let pressed = -Infinity;
form.addEventListener("submit", async (event) => {
  keepCopy();
  clearTimeout(timer);
  if (!navigator.onLine) { event.preventDefault(); return say("offline", "", true); }
  if (sending) {
    event.preventDefault();
    await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, 8000))]);
    sending = null;
    return form.requestSubmit(event.submitter);
  }
  if (event.timeStamp - pressed < 2000) return event.preventDefault();
  pressed = event.timeStamp;
  sessionStorage.setItem("card:sent", copyKey());
});

// Who else has the form open
async function tellPresence() {
  if (document.hidden || !navigator.onLine) return;
  const body = new FormData();
  body.append(token.name, token.value);
  try {
    const response = await fetch(form.dataset.presence, { method: "POST", body });
    if (!response.ok || response.redirected) return;
    const answer = await response.json();
    const { present } = answer;
    document.dispatchEvent(new CustomEvent("presence", { detail: answer }));
    document.querySelector("[data-present-said]").textContent = present;
    document.querySelector("[data-present]").hidden = !present;
  } catch { /* next time */ }
}
if (form.dataset.presence) setInterval(tellPresence, 1000 * (form.dataset.every ?? 60));

offer();
