// What forms keep on this device (autosave.js) goes when it has arrived, and when people log out.
if (location.hash === "#saved") {
  localStorage.removeItem(sessionStorage.getItem("card:sent"));
  history.replaceState(history.state, "", location.pathname + location.search);
}
for (const form of document.querySelectorAll('form[action*="/logout/"]')) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("card:")) localStorage.removeItem(key);
    }
  });
}
