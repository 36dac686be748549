/* The agenda in the admin: drag a line by its handle, and see when each item begins.
   Without this the numbers alone give the order, and the server counts the hours. */

const group = document.getElementById("agenda-group");
if (group) {
  const body = group.querySelector("tbody");
  const lines = () => [...body.querySelectorAll("tr.form-row:not(.empty-form)")];
  const input = (line, name) => line.querySelector(`[name$="-${name}"]`);
  const number = (line) => Number(input(line, "position").value) || Infinity;
  const isWritten = (line) => input(line, "title_it").value.trim() !== "";
  const isDeleted = (line) => input(line, "DELETE")?.checked;

  const place = (sorted) => {
    const end = body.querySelector("tr.empty-form");
    sorted.forEach((line) => body.insertBefore(line, end));
  };
  const renumber = () => {
    lines().filter(isWritten).forEach((line, index) => { input(line, "position").value = index + 1; });
    count();
  };

  const begin = () => {
    const [hours, minutes] = (document.getElementById("id_starts_at_1")?.value ?? "").split(":").map(Number);
    const isKnown = document.getElementById("id_precision")?.value === "time";
    return isKnown && Number.isInteger(minutes) ? hours * 60 + minutes : null;
  };
  const clock = (minutes) => {
    const hours = Math.floor(minutes / 60) % 24;
    return `${String(hours).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const count = () => {
    let now = begin();
    for (const line of lines()) {
      const cell = line.querySelector(".field-starts p");
      const counts = now !== null && isWritten(line) && !isDeleted(line);
      cell.textContent = counts ? clock(now) : "";
      if (counts) now += Number(input(line, "minutes").value) || 0;
    }
  };

  const sort = () => {
    place(lines().sort((a, b) => number(a) - number(b) || 0));
    renumber();
  };

  const addHandle = (line) => {
    const handle = document.createElement("span");
    handle.className = "agenda-handle";
    handle.setAttribute("aria-hidden", "true");
    input(line, "position").before(handle);
  };
  let moving = null;
  body.addEventListener("pointerdown", (event) => {
    if (!event.target.matches(".agenda-handle")) return;
    event.preventDefault();
    body.setPointerCapture(event.pointerId);
    moving = event.target.closest("tr");
    moving.classList.add("agenda-moving");
  });
  body.addEventListener("pointermove", (event) => {
    if (!moving) return;
    const isBelow = (line) => {
      const box = line.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    };
    const next = lines().filter((line) => line !== moving).find(isBelow);
    const target = next ?? body.querySelector("tr.empty-form");
    if (moving.nextElementSibling !== target) body.insertBefore(moving, target);
  });
  body.addEventListener("lostpointercapture", () => {
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
  lines().forEach(addHandle);
  document.addEventListener("input", (event) => { if (group.contains(event.target)) count(); });
  count();
}
