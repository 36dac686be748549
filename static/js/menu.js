// The menu works without this: here Escape closes it, and so does a click or a focus elsewhere.
const menu = document.getElementById("menu");
const opened = () => [...menu.querySelectorAll("details[open]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const last = opened().pop();
  if (!last) return;
  const inside = last.contains(document.activeElement) || menu.contains(document.activeElement);
  last.open = false;
  if (inside) last.querySelector("summary").focus();
});

function closeOthers(event) {
  for (const details of opened()) {
    const home = details.matches(".menu-toggle") ? menu : details;
    if (!home.contains(event.target)) details.open = false;
  }
}
document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
