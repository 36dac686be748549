/* The admin's autocomplete hides the list that a label names and shows a box of its own, without
   a name: screen readers get it from the same label. */
function nameBoxes() {
  for (const list of document.querySelectorAll("select.admin-autocomplete")) {
    const [label] = list.labels;
    const boxes = list.nextElementSibling?.querySelectorAll("[role=combobox], .select2-search__field");
    if (!label || !boxes) continue;
    label.id ||= `${list.id}_label`;
    for (const box of boxes) {
      const names = new Set([label.id, ...(box.getAttribute("aria-labelledby") ?? "").split(" ")]);
      box.setAttribute("aria-labelledby", [...names].join(" ").trim());
    }
  }
}
addEventListener("load", () => setTimeout(nameBoxes));
document.addEventListener("formset:added", () => setTimeout(nameBoxes));
