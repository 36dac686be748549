/* The rich text editor writes its few style rules into the page, which our policy refuses, unless it
   finds them there: this stands for them, and css/editor.css holds them. */
const mark = document.createElementNS("urn:portal", "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);
