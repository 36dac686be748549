/* The agenda in the admin: drag an item by its handle, to the right to make it a sub-item of the
   one above; see where each stands, when it begins, and whether all fits into the meeting.
   Without this, the numbers of the lines and the boxes "sub-item" do the same. */

const group = document.getElementById("agenda-group");
const sum = document.getElementById("agenda-sum");
const INDENT = 32; // pixels to the right that make a sub-item

if (group?.querySelector(".empty-form")) {
  const end = group.querySelector(".empty-form");
  const list = end.parentElement;
  const lines = () => [...list.querySelectorAll(".inline-related:not(.empty-form)")];
  const input = (line, name) => line.querySelector(`[name$="-${name}"]`);
  const number = (line) => Number(input(line, "position").value) || Infinity;
  const isWritten = (line) => input(line, "title_it").value.trim() !== "";
  const counts = (line) => isWritten(line) && !input(line, "DELETE")?.checked;

  // What the server says of the meeting's own hours
  const minutesOf = (name) => {
    const [hours, minutes] = (document.getElementById(`id_${name}_1`)?.value ?? "").split(":").map(Number);
    return Number.isInteger(minutes) ? hours * 60 + minutes : null;
  };
  const begin = () => {
    const isKnown = (document.getElementById("id_precision")?.value ?? "time") === "time";
    return isKnown ? minutesOf("starts_at") : null;
  };
  const dayOf = (name) => document.getElementById(`id_${name}_0`)?.value;
  const length = () => {
    const isOneDay = dayOf("starts_at") && dayOf("starts_at") === dayOf("ends_at");
    if (begin() === null || minutesOf("ends_at") === null || !isOneDay) return null;
    return minutesOf("ends_at") - begin();
  };

  const clock = (minutes) => {
    const hours = Math.floor(minutes / 60) % 24;
    return `${String(hours).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const said = (minutes) => {
    const words = minutes < 60 ? "minutes" : minutes % 60 ? "both" : "hours";
    return sum.dataset[words].replace("%h", Math.floor(minutes / 60)).replace("%m", minutes % 60);
  };

  const count = () => {
    let now = begin();
    let main = 0;
    let sub = 0;
    let total = 0;
    for (const line of lines()) {
      const cell = line.querySelector("div.field-starts .readonly");
      const isSub = input(line, "is_sub").checked && main > 0;
      line.classList.toggle("agenda-sub", isSub);
      if (!counts(line)) {
        cell.textContent = "";
        continue;
      }
      [main, sub] = isSub ? [main, sub + 1] : [main + 1, 0];
      const place = isSub ? `${main}.${sub}` : `${main}`;
      cell.textContent = now === null ? place : `${place} · ${clock(now)}`;
      const minutes = Number(input(line, "minutes").value) || 0;
      if (now !== null) now += minutes;
      total += minutes;
    }
    weigh(total);
  };
  const weigh = (total) => {
    const known = length();
    const isLong = known !== null && total > known;
    const words = known === null ? sum.dataset.sum : isLong ? sum.dataset.long : sum.dataset.fits;
    const text = total ? words.replace("%a", said(total)).replace("%b", said(known ?? 0)) : "";
    if (sum.textContent !== text) sum.textContent = text;
    sum.classList.toggle("agenda-sum--long", isLong);
  };

  const place = (sorted) => sorted.forEach((line) => list.insertBefore(line, end));
  const renumber = () => {
    lines().filter(isWritten).forEach((line, index) => { input(line, "position").value = index + 1; });
    count();
  };
  const sort = () => {
    const focused = document.activeElement;
    place(lines().sort((a, b) => number(a) - number(b) || 0));
    renumber();
    if (list.contains(focused)) focused.focus();
  };

  const addHandle = (line) => {
    const handle = document.createElement("span");
    handle.className = "agenda-handle";
    handle.setAttribute("aria-hidden", "true");
    line.append(handle);
  };
  let moving = null;
  let grabbedAt = 0;
  list.addEventListener("pointerdown", (event) => {
    if (!event.target.matches(".agenda-handle")) return;
    event.preventDefault();
    list.setPointerCapture(event.pointerId);
    moving = event.target.closest(".inline-related");
    grabbedAt = event.clientX;
    moving.classList.add("agenda-moving");
  });
  list.addEventListener("pointermove", (event) => {
    if (!moving) return;
    const isAbove = (line) => {
      const box = line.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    };
    const target = lines().filter((line) => line !== moving).find(isAbove) ?? end;
    if (moving.nextElementSibling !== target) list.insertBefore(moving, target);
    const aside = event.clientX - grabbedAt;
    if (Math.abs(aside) < INDENT) return;
    input(moving, "is_sub").checked = aside > 0;
    grabbedAt = event.clientX;
    count();
  });
  list.addEventListener("lostpointercapture", () => {
    moving?.classList.remove("agenda-moving");
    moving = null;
    renumber();
  });

  // Django numbers its forms anew in the order in which they stand, so they go back to it first.
  const formIndex = (line) => Number(input(line, "position").name.match(/-(\d+)-/)[1]);
  document.addEventListener("formset:removed", (event) => {
    if (event.detail.formsetName !== "agenda") return;
    place(lines().sort((a, b) => formIndex(a) - formIndex(b)));
    setTimeout(sort);
  });
  document.addEventListener("formset:added", (event) => {
    if (event.detail.formsetName === "agenda") addHandle(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".agenda-number")) sort();
    else count();
  });
  document.addEventListener("input", count);
  lines().forEach(addHandle);
  count();
}
