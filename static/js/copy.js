// A button beside a text that is there to be copied; without this it can be marked by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value ?? text.textContent);
    button.textContent = button.dataset.done;
  });
}
