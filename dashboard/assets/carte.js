// The live map's only traffic: one conditional reading of the snapshot every 15 s. Everything else is drawn from it here.
"use strict";
(() => {
  const STATUS = "/api/v1/status", STALE_S = 180;
  const PATTERNS = { slow: ".", waiting: "/", restricted: "-", down: "x", maintenance: "+", unknown: "\\" };
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

  const age = (snapshot) => {
    if (!snapshot || !snapshot.measured_at) return ["Aucune mesure pour l’instant.", "Vigie prend ses premières mesures."];
    const measured = Date.parse(snapshot.at) - Date.parse(snapshot.measured_at);
    const seconds = Math.max(0, Math.floor((measured + Date.now() + clockOffsetMs - Date.parse(snapshot.published_at)) / 1000));
    const stale = seconds > STALE_S;
    document.documentElement.classList.toggle("stale", stale);
    const line = `Mesuré il y a ${ago(seconds)}${stale ? "\u00a0: cette page n’est plus à jour" : ""}`;
    return [[node("B", { children: line }), "."], sentence(snapshot, stale)];
  };

  const paint = (snapshot, theme, figure, words) => {
    if (!snapshot) return none();
    const states = Object.fromEntries(snapshot.territories.map((t) => [t.code, t]));
    const data = figure.data.map((trace) => {
      const state = states[trace.meta] || { name: trace.name, health: "unknown", share_affected: 0 };
      const shape = PATTERNS[state.health] || "";
      const share = state.share_affected > 0 ? `, ${percent(state.share_affected)} touchés` : "";
      return {
        ...trace,
        text: `${state.name.replace(/[<>&]/g, "")}\u00a0: ${words.healths[state.health].toLowerCase()}${share}`,
        fillcolor: colour(state.health),
        fillpattern: { shape, size: 7, solidity: state.health === "slow" ? 0.2 : 0.16, bgcolor: colour(state.health), fgcolor: colour(["unknown", "slow"].includes(state.health) ? `${state.health}-ink` : "paper"), fgopacity: 0.6, fillmode: "overlay" },
        line: { width: 1.3, color: colour("paper") },
        hoverlabel: { bgcolor: colour("ink"), bordercolor: colour("ink"), font: { color: colour("paper"), family: "Atkinson, system-ui, sans-serif", size: 15 } },
      };
    });
    return { ...figure, data };
  };

  const services = (snapshot, filter, words) => {
    if (!snapshot) return [];
    const names = Object.fromEntries(snapshot.territories.map((t) => [t.code, t.name]));
    const wanted = plain(filter || "").split(/\s+/).filter(Boolean);
    const text = (s) => plain([s.name, s.operator_name || s.operator || "", words.healths[s.health], ...s.territories.map((c) => names[c] || "")].join(" "));
    const found = snapshot.services.filter((s) => !wanted.length || wanted.every((w) => text(s).includes(w)));
    if (!found.length) return [node("Li", { children: "Aucun service ne correspond." })];
    return [...found].sort(worstFirst(words)).map((s) => node("Li", {
      children: [
        node("Span", { children: [link(service(s), s.name), node("Small", { children: s.operator_name || s.operator || "" })] }),
        chip(s.health, words),
      ],
    }));
  };

  const table = (snapshot, words) => {
    const bad = (t) => t.services.map((id) => snapshot.services.find((s) => s.id === id)).filter((s) => s && !["up", "unknown"].includes(s.health));
    const head = ["Académie", "État", "Part touchée", "Services concernés"].map((c) => node("Th", { scope: "col", children: c }));
    const rows = [...academies(snapshot)].sort(worstFirst(words)).map((t) => node("Tr", {
      children: [
        node("Th", { scope: "row", children: link(`/academie/${encodeURIComponent(t.code.slice(2))}`, t.name) }),
        node("Td", { children: chip(t.health, words) }),
        node("Td", { className: "num", children: t.share_affected > 0 ? percent(t.share_affected) : "" }),
        node("Td", { className: "list", children: bad(t).flatMap((s, i) => [i ? ", " : "", link(service(s), s.name)]) }),
      ],
    }));
    return node("Table", { className: "rows", children: [node("Thead", { children: node("Tr", { children: head }) }), node("Tbody", { children: rows })] });
  };

  const bands = (snapshot, words) => {
    if (!snapshot) return [[], "", "", true];
    const national = snapshot.services.filter((s) => s.national && !asleep(s)).sort(worstFirst(words));
    const items = national.map((s) => node("Li", { children: [link(service(s), s.name), chip(s.health, words)] }));
    const note = snapshot.rehearsal ? [node("B", { children: "RÉPÉTITION" }), `${snapshot.rehearsal_note ? ` ${snapshot.rehearsal_note}.` : ""} Scénario «\u00a0${snapshot.rehearsal}\u00a0» rejoué sur des serveurs d’essai. Rien de ceci n’a lieu en ce moment.`] : "";
    return [items, table(snapshot, words), note, !snapshot.rehearsal];
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { read, age, paint, services, bands });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    window.dash_clientside.set_props("theme", { data: Math.random() });
  });
})();
