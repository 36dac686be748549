// A part of a page that asks for itself anew every 20 seconds, while somebody looks at it.
const part = document.querySelector("[data-live]");
const said = document.querySelector("[data-live-said]");
let shown = part.innerHTML;

async function refresh() {
  if (document.hidden || part.contains(document.activeElement)) return;
  try {
    const response = await fetch(location.href, { headers: { "X-Fragment": "yes" } });
    if (!response.ok || response.redirected) return;
    const text = await response.text();
    if (text === shown) return;
    part.innerHTML = shown = text;
    const news = part.querySelector("[data-live-news]").textContent;
    if (said.textContent !== news) said.textContent = news;
  } catch { /* next time */ }
}

document.querySelector("[data-live-reload]").hidden = true;
setInterval(refresh, 20000);
document.addEventListener("visibilitychange", refresh);
