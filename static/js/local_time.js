// Meetings are told in Italian time. Who reads them where the clock shows another hour, reads that
// hour too.
const language = document.documentElement.lang;
const clock = { hour: "2-digit", minute: "2-digit" };

for (const place of document.querySelectorAll("[data-local-time]")) {
  const moments = [place.dataset.localTime, place.dataset.until].filter(Boolean).map((each) => new Date(each));
  const told = (format) => moments.map((moment) => format.format(moment)).join(" – ");
  const italian = new Intl.DateTimeFormat(language, { ...clock, day: "numeric", timeZone: "Europe/Rome" });
  const here = new Intl.DateTimeFormat(language, { ...clock, day: "numeric" });
  if (told(italian) === told(here)) continue;
  const isSameDay = moments.every((moment) => here.formatToParts(moment).find((part) => part.type === "day").value
    === italian.formatToParts(moment).find((part) => part.type === "day").value);
  const shown = isSameDay ? new Intl.DateTimeFormat(language, clock)
    : new Intl.DateTimeFormat(language, { ...clock, weekday: "short", day: "numeric", month: "short" });
  const zone = new Intl.DateTimeFormat(language).resolvedOptions().timeZone.split("/").pop().replaceAll("_", " ");
  place.textContent = place.dataset.words.replace("{time}", told(shown)).replace("{zone}", zone);
  place.hidden = false;
}
