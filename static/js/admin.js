/* Names for screen readers where Django's admin gives none: the cells of its tables of inlines get
   that of their column, and the boxes of its autocomplete that of the list which they hide. */

function nameFor(field) {
  const cell = field.closest(".tabular td");
  const name = field.labels[0] ?? cell?.closest("table").tHead.rows[0].cells[cell.cellIndex];
  if (name) name.id ||= `${field.id}_name`;
  return name;
}

function add(name, box) {
  const known = (box.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  box.setAttribute("aria-labelledby", [...new Set([name.id, ...known])].join(" "));
}

function nameAll() {
  const cells = ".tabular td :is(input:not([type=hidden]), select, textarea)[id]";
  for (const field of document.querySelectorAll(cells)) {
    const name = nameFor(field);
    if (name && !field.labels.length) add(name, field);
  }
  for (const list of document.querySelectorAll("select.admin-autocomplete")) {
    const name = nameFor(list);
    const boxes = list.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox], input");
    if (name) boxes?.forEach((box) => add(name, box));
  }
}

addEventListener("load", () => setTimeout(nameAll));
document.addEventListener("formset:added", () => setTimeout(nameAll));
