// Times are Italy's. Whoever reads in another zone sees, beside them, what their own clock shows.
// As the page itself writes hours and days: English is that of Europe.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const clock = (moment, timeZone) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
const day = (moment, timeZone) =>
  new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone }).format(moment);
const differs = (moment) =>
  clock(moment) !== clock(moment, "Europe/Rome") || day(moment) !== day(moment, "Europe/Rome");

for (const place of document.querySelectorAll("[data-local-time]")) {
  const { localTime, until, words } = place.dataset;
  const moments = [localTime, until].filter(Boolean).map((written) => new Date(written));
  if (!moments.some(differs)) continue;
  const time = moments
    .map((moment, n) => {
      const sameDay = n ? day(moment) === day(moments[0]) : day(moment) === day(moment, "Europe/Rome");
      return sameDay ? clock(moment) : `${day(moment)}, ${clock(moment)}`;
    })
    .join(" – ");
  const town = zone.split("/").pop().replaceAll("_", " ");
  place.textContent = words.replace("{time}", time).replace("{zone}", town);
  place.hidden = false;
}
