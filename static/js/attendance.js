// The sheet of the day works without this. With it a tap is noted at once; what has not reached the
// portal is kept on this device and sent again, through a dead connection, a lost session, a closed
// window. Each tap writes one person; what others note meanwhile appears by itself.
const sheet = document.querySelector("[data-sheet]");
const state = sheet.querySelector("[data-state]");
const quorum = sheet.querySelector("[data-quorum]");
const rows = new Map([...sheet.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row]));
const key = `attendance:${sheet.dataset.sheet}`;
const AGAIN = 5000;
const LOOK = 10000;
const kept = JSON.parse(localStorage.getItem(key) ?? "{}"); // person → [attendance, left at]
const inRome = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit" });
let sending = false;
let timer;

function say(word, wrong = false) {
  state.textContent = sheet.dataset[word] ?? "";
  state.classList.toggle("sheet__state--wrong", wrong);
}

function keep() {
  if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
  else localStorage.removeItem(key);
}

function show(person, [attendance, left]) {
  const row = rows.get(person);
  if (!row) return;
  Object.assign(row.dataset, { attendance, left });
  for (const button of row.querySelectorAll("[name=attendance]")) {
    button.setAttribute("aria-pressed", String(button.value === attendance));
  }
  const time = row.querySelector("[name=left]");
  if (document.activeElement !== time) time.value = left;
}

function arrived({ people, quorum: words, reached }) {
  for (const [person, noted] of Object.entries(people)) if (!(person in kept)) show(person, noted);
  if (quorum.textContent !== words) quorum.textContent = words;
  quorum.classList.toggle("presence-quorum--reached", reached);
  const isSame = rows.size === Object.keys(people).length && [...rows.keys()].every((each) => each in people);
  if (!isSame && !state.querySelector("a")) offerReload();
}

// Somebody else has added a person, or taken one off the list.
function offerReload() {
  const link = document.createElement("a");
  Object.assign(link, { href: location.pathname, textContent: document.title });
  state.replaceChildren(sheet.dataset.changed, " ", link);
}

const ask = (address, options = {}) =>
  fetch(address, { ...options, headers: { Accept: "application/json" } });

// Logging in again, in another window, has changed the token of these forms.
async function refresh() {
  const page = await fetch(location.pathname);
  const fresh = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text())?.[1];
  if (page.redirected || !page.ok || !fresh) return false;
  for (const input of sheet.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = fresh;
  return true;
}

async function sendOne(person, again = true) {
  const noted = kept[person];
  const form = rows.get(person)?.querySelector("form");
  if (!form) { delete kept[person]; return keep(); }
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("attendance", noted[0]);
  if (noted[1]) body.append("left", noted[1]);
  const response = await ask(form.action, { method: "POST", body });
  const isGone = response.status === 404 || response.status === 409;
  if (isGone || (response.ok && !response.redirected)) {
    if (kept[person] === noted) delete kept[person];
    keep();
    if (isGone) return say("closed", true);
    return arrived(await response.json());
  }
  if (again && (await refresh())) return sendOne(person, false);
  throw new Error(response.status >= 500 ? "offline" : "lost");
}

async function send() {
  if (sending) return;
  clearTimeout(timer);
  sending = true;
  try {
    if (Object.keys(kept).length) say("waiting");
    let sent = false;
    for (let [person] = Object.keys(kept); person; [person] = Object.keys(kept)) {
      await sendOne(person);
      sent = true;
    }
    if (sent && !state.classList.contains("sheet__state--wrong") && !state.querySelector("a")) say("saved");
  } catch (error) {
    say(error.message === "lost" ? "lost" : "offline", true);
    timer = setTimeout(send, AGAIN);
  } finally {
    sending = false;
  }
}

function note(person, attendance, left) {
  kept[person] = [attendance, left];
  keep();
  show(person, kept[person]);
  send();
}

async function look() {
  if (document.hidden || sending || Object.keys(kept).length) return;
  try {
    const response = await ask(location.pathname);
    if (response.ok && !response.redirected) arrived(await response.json());
  } catch { /* next time */ }
}

sheet.addEventListener("submit", (event) => {
  const form = event.target;
  if ("add" in form.dataset) {
    if (navigator.onLine) return;
    event.preventDefault();
    return say("offline", true);
  }
  event.preventDefault();
  const row = form.closest("[data-person]");
  const { attendance } = row.dataset;
  if (event.submitter?.name === "attendance") return note(row.dataset.person, event.submitter.value, "");
  note(row.dataset.person, attendance, form.elements.left.value || inRome.format(new Date()));
});

const find = document.getElementById("find");
find.parentElement.hidden = rows.size < 8;
find.addEventListener("input", () => {
  const sought = find.value.trim().toLocaleLowerCase();
  for (const row of rows.values()) row.hidden = !row.textContent.toLocaleLowerCase().includes(sought) && !row.closest("section").querySelector("h2").textContent.toLocaleLowerCase().includes(sought);
  for (const city of sheet.querySelectorAll(".sheet__city")) city.hidden = !city.querySelector(".sheet__row:not([hidden])");
});

for (const [person, noted] of Object.entries(kept)) show(person, noted);
addEventListener("online", send);
addEventListener("focus", send);
addEventListener("offline", () => say("offline", true));
setInterval(look, LOOK);
send();
