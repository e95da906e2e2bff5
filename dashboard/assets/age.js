// The page is complete without this script. With it, the age of the data counts on between two readings, the page says by itself
// when it is no longer up to date, and it is read again every 30 s without losing one's place.
"use strict";
(() => {
  const STALE_S = 180, READ_AGAIN_MS = 30000;
  let loaded = performance.now(), ahead = 0;
  const WORDS = {
    fr: {
      units: ["jour", "heure", "minute", "seconde"], many: (n) => n > 1,
      measured: (time) => `Mesuré il y a ${time}`, old: "\u00a0: cette page n’est plus à jour",
    },
    en: {
      units: ["day", "hour", "minute", "second"], many: (n) => n !== 1,
      measured: (time) => `Measured ${time} ago`, old: ": this page is out of date",
    },
  };
  const words = WORDS[document.documentElement.lang] || WORDS.fr;
  const ago = (s) => {
    const at = [86400, 3600, 60, 1].findIndex((size) => s >= size), last = at < 0 ? 3 : at;
    const n = Math.floor(s / [86400, 3600, 60, 1][last]);
    return `${n}\u00a0${words.units[last]}${words.many(n) ? "s" : ""}`;
  };
  // A page served by Vigie says its age; one kept in a file says since when it ages, and this clock may be wrong: once the server that
  // keeps the file has told the time, its clock is followed.
  const age = (line) => line.dataset.since
    ? Math.max(0, (Date.now() - ahead - Date.parse(line.dataset.since)) / 1000)
    : Number(line.dataset.age) + (performance.now() - loaded) / 1000;
  const followClockOf = (answer) => {
    // A cache on the way hands on the date of what it holds, and how long it has held it.
    const told = Date.parse(answer.headers.get("Date") || "") + 1000 * Number(answer.headers.get("Age") || 0);
    if (!Number.isNaN(told)) ahead = Date.now() - told;
  };
  // What was true when the page was read may not be so any more: each sentence brings its own past with it.
  const speakOfThePast = () => {
    for (const one of document.querySelectorAll("[data-past]")) {
      one.textContent = one.dataset.past;
      delete one.dataset.past;
    }
  };
  const tell = () => {
    const line = document.getElementById("age");
    if (!line || "none" in line.dataset) return;
    const seconds = Math.floor(age(line));
    const stale = seconds > STALE_S;
    line.textContent = `${words.measured(ago(seconds))}${stale ? words.old : ""}`;
    document.documentElement.classList.toggle("stale", stale);
    if (stale) speakOfThePast();
  };
  // What somebody opened or is about to copy stays as it is.
  const inUse = (main) => main.contains(document.activeElement) || !getSelection().isCollapsed || main.querySelector("details[open]");
  const readAgain = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" });
      if (!answer.ok) return;
      followClockOf(answer);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = document.getElementById("contenu"), next = fresh.getElementById("contenu");
      if (!main || !next || inUse(main)) return;
      main.replaceWith(document.adoptNode(next));
      document.querySelector("title").replaceWith(document.adoptNode(fresh.querySelector("title")));
      loaded = performance.now();
      tell();
    } catch { /* no line: the age goes on counting and says it */ }
  };
  tell();
  setInterval(tell, 1000);
  // An answer to one visitor (a search, a form) is not at its bare address: reading that again would take it away.
  if (!("still" in document.documentElement.dataset)) setInterval(readAgain, READ_AGAIN_MS);
})();
