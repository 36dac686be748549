/* The rich text editor writes its few style rules into the page, which our policy refuses, unless it
   finds them there: this stands for them, and css/editor.css holds them. */
const mark = document.createElementNS("urn:portal", "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);

/* The box in which people write takes the place of its text field: its name for screen readers, its
   help and errors, its language, a click on its label, and the links that lead to it. */
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const box = editor.view.dom;
  const [label] = textarea.labels;
  for (const name of ["aria-describedby", "aria-invalid", "lang"]) {
    if (textarea.hasAttribute(name)) box.setAttribute(name, textarea.getAttribute(name));
  }
  [box.id, textarea.id] = [textarea.id, `${textarea.id}_source`];
  if (!label) return;
  label.id ||= `${box.id}_label`;
  box.setAttribute("aria-labelledby", label.id);
  label.addEventListener("click", () => box.focus());
});
