/* The rich text editor speaks English only, and most of its words pass through no catalogue: these are
   its Italian ones, for tooltips, menus and dialogs. It asks `gettext` when it loads, so this comes first. */
const WORDS = {
  paragraph: "stile del testo",
  Paragraph: "Paragrafo",
  "Heading 2": "Titolo 2",
  "Heading 3": "Titolo 3",
  "Heading 4": "Titolo 4",
  "unordered list": "elenco puntato",
  "ordered list": "elenco numerato",
  "List properties": "proprietà dell’elenco",
  "List type": "Tipo di elenco",
  "Start at": "Comincia da",
  "Decimal numbers": "Numeri",
  "Lowercase letters": "Lettere minuscole",
  "Uppercase letters": "Lettere maiuscole",
  "Lowercase Roman numerals": "Numeri romani minuscoli",
  "Uppercase Roman numerals": "Numeri romani maiuscoli",
  blockquote: "citazione",
  bold: "grassetto",
  italic: "corsivo",
  "insert link": "inserisci un link",
  "remove link": "togli il link",
  "Edit Link": "Link",
  URL: "Indirizzo",
  Title: "Titolo del link",
  Update: "Salva",
  Cancel: "Annulla",
  undo: "annulla",
  redo: "ripristina",
};

if (document.documentElement.lang.startsWith("it")) {
  const before = window.gettext ?? ((words) => words);
  window.gettext = (words) => WORDS[words] ?? before(words);

  const translate = (bar) => {
    for (const part of bar?.querySelectorAll("*") ?? []) {
      for (const name of ["title", "aria-label"]) {
        const words = WORDS[part.getAttribute(name)];
        if (words) part.setAttribute(name, words);
      }
      if (part.closest("[data-name] > *")) part.textContent = WORDS[part.textContent] ?? part.textContent;
    }
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    const box = editor.view.dom.closest(".prose-editor");
    // The bar of buttons comes a moment after the editor.
    editor.on("create", () => translate(box.querySelector(".prose-menubar")));
  });
}
