// Each picture of a gallery is a link to its page. Here it opens over this page instead, and arrows
// lead from one to the next.
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const frame = gallery.parentElement.querySelector("[data-gallery-frame]");
  const items = [...gallery.children];
  const dialog = frame.content.cloneNode(true).querySelector("dialog");
  document.body.append(dialog);
  let here = 0;

  const show = (place) => {
    here = (place + items.length) % items.length;
    const picture = items[here].querySelector("picture").cloneNode(true);
    for (const source of picture.querySelectorAll("source")) source.sizes = "100vw";
    picture.querySelector("img").loading = "eager";
    dialog.querySelector(".lightbox__picture").replaceChildren(picture);
    const words = items[here].querySelector(".gallery__words").cloneNode(true);
    dialog.querySelector(".lightbox__words").replaceChildren(...words.childNodes);
    dialog.querySelector(".lightbox__place").textContent = `${here + 1} / ${items.length}`;
  };

  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link?.querySelector("picture") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(items.indexOf(link.closest("li")));
    dialog.showModal();
  });

  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) show(here + Number(button.dataset.step));
    else if (button || event.target === dialog) dialog.close();
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(here - 1);
    else if (event.key === "ArrowRight") show(here + 1);
  });

  dialog.addEventListener("close", () => items[here].querySelector("a").focus());
  if (items.length < 2) dialog.querySelectorAll("[data-step]").forEach((button) => button.remove());
}
