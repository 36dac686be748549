// Ask for what is missing before the device makes a passkey: one made in vain would stay on it.

const button = document.getElementById("make-passkey");

document.addEventListener(
  "click",
  (event) => {
    if (button.contains(event.target) && !button.form.reportValidity()) event.stopImmediatePropagation();
  },
  { capture: true },
);
