// The live map's only traffic: one conditional reading of the snapshot every 15 s; and the words that its parts share.
"use strict";
(() => {
  const STATUS = "/api/v1/status", STALE_S = 180;
  const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  let etag = null, clockOffsetMs = 0;

  const none = () => window.dash_clientside.no_update;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const node = (type, props) => ({ namespace: "dash_html_components", type, props });
  const link = (href, text) => node("A", { href, children: text });
  const chip = (health, words) => node("Span", {
    className: `chip s-${health}`,
    children: [node("I", { className: `dmark s-${health}` }), words.healths[health]],
  });
  const service = (s) => `/service/${encodeURIComponent(s.id)}`;
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const percent = (share) => share > 0 && share < 0.005 ? "<\u00a01\u00a0%" : `${Math.round(share * 100)}\u00a0%`;
  const worstFirst = (words) => (a, b) => words.order[b.health] - words.order[a.health] || a.name.localeCompare(b.name, "fr");
  const academies = (snapshot) => snapshot.territories.filter((t) => t.level === "academie");
  const find = (snapshot, code) => snapshot.territories.find((t) => t.code === code);
  const drill = (code) => `/carte/?territoire=${encodeURIComponent(code).replace("%3A", ":")}`;

  const ago = (seconds) => {
    const units = [[86400, "jour"], [3600, "heure"], [60, "minute"], [1, "seconde"]];
    const [size, word] = units.find(([size]) => seconds >= size) || units[3];
    const n = Math.floor(seconds / size);
    return `${n}\u00a0${word}${n > 1 ? "s" : ""}`;
  };

  const read = async () => {
    try {
      const answer = await fetch(STATUS, { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} });
      const date = Date.parse(answer.headers.get("Date") || "");
      if (date) clockOffsetMs = date - Date.now();
      if (!answer.ok) return none();
      etag = answer.headers.get("ETag");
      return JSON.parse(await answer.text(), (_, value) => typeof value === "string" ? value.replace(CONTROLS, "") : value);
    } catch { return none(); }
  };

  // Opens only when needed and does not show itself: neither well nor in trouble.
  const asleep = (s) => s.dormant && s.health === "unknown";
  const toldAt = (snapshot) => {
    const at = new Date(snapshot.measured_at), zone = { timeZone: "Europe/Paris" };
    const year = snapshot.rehearsal ? { year: "numeric" } : {};
    const day = at.toLocaleDateString("fr-FR", { weekday: "long", day: "numeric", month: "long", ...year, ...zone });
    const [hour, minute] = at.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit", ...zone }).split(":");
    return `${day[0].toUpperCase()}${day.slice(1)} à\u00a0${Number(hour)}\u00a0h\u00a0${minute}`;
  };

  const sentence = (snapshot, stale) => {
    const counted = snapshot.services.filter((s) => !asleep(s));
    const known = counted.filter((s) => s.health !== "unknown"), bad = known.filter((s) => s.health !== "up");
    const many = bad.length > 1, opening = stale ? `${toldAt(snapshot)}, ` : "";
    if (snapshot.blind) return stale
      ? `${opening}Vigie ne voyait rien\u00a0: notre propre connexion était coupée. Ce n’était pas une panne des services.`
      : "Vigie ne voit rien\u00a0: notre propre connexion est coupée. Ce n’est pas une panne des services.";
    if (!known.length) return stale
      ? `${opening}Vigie n’avait encore vu aucun service en marche, et n’affirmait rien.`
      : "Vigie n’a encore vu aucun service en marche, et n’affirme rien.";
    if (!bad.length) return `${opening}${known.length}\u00a0services sur\u00a0${counted.length} ${stale ? "étaient" : "sont"} en marche.`;
    const verb = stale ? (many ? "répondaient" : "répondait") : many ? "répondent" : "répond";
    return `${opening}${bad.length}\u00a0service${many ? "s" : ""} sur\u00a0${counted.length} ne ${verb} pas comme il faut.`;
  };

  // What the heading says: the whole country in a sentence, or the place whose parts are shown.
  const heading = (snapshot, stale, code, words) => {
    if (!code) return sentence(snapshot, stale);
    const place = find(snapshot, code);
    if (!place) return "Ce territoire n’est pas suivi par Vigie.";
    return [node("Span", { className: "kicker", children: words.levels[place.level] || "" }), ` ${place.name}`];
  };

  const age = (snapshot, _tick, code, words) => {
    if (!snapshot || !snapshot.measured_at) return ["Aucune mesure pour l’instant.", "Vigie prend ses premières mesures.", code || ""];
    const measured = Date.parse(snapshot.at) - Date.parse(snapshot.measured_at);
    const seconds = Math.max(0, Math.floor((measured + Date.now() + clockOffsetMs - Date.parse(snapshot.published_at)) / 1000));
    const stale = seconds > STALE_S;
    document.documentElement.classList.toggle("stale", stale);
    const line = `Mesuré il y a ${ago(seconds)}${stale ? "\u00a0: cette page n’est plus à jour" : ""}`;
    return [[node("B", { children: line }), "."], heading(snapshot, stale, code, words), code || ""];
  };

  window.vigie = Object.assign({}, window.vigie, {
    none, colour, node, link, chip, service, plain, percent, worstFirst, academies, find, drill, asleep,
  });
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { read, age });
})();
