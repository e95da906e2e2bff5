// What stands beside and below the map: académies or a place's parts, services, the table twin, the national band.
"use strict";
(() => {
  const { node, link, chip, service, plain, percent, worstFirst, academies, find, drill, asleep } = window.vigie;
  const NONE_HERE = "Aucun service propre à ce territoire n’est suivi.";
  const share = (t) => t.share_affected > 0 ? percent(t.share_affected) : "";
  const row = (href, name, small, health, words) => node("Li", {
    children: [node("Span", { children: [link(href, name), node("Small", { children: small })] }), chip(health, words)],
  });
  const touched = (t) => t.share_affected > 0 ? `${percent(t.share_affected)} touchés` : "";
  const operator = (s) => s.operator_name || s.operator || "";
  const ofPlace = (snapshot, code) => snapshot.services.filter((s) => find(snapshot, code).services.includes(s.id));

  const listed = (found, otherwise, words) => found.length
    ? [...found].sort(worstFirst(words)).map((s) => row(service(s), s.name, operator(s), s.health, words))
    : [node("Li", { children: otherwise })];

  const beside = (snapshot, code, words) => {
    if (!snapshot) return ["", [], "", [], true];
    const place = code && find(snapshot, code);
    const parts = place ? (words.places[code]?.below || []).map((one) => find(snapshot, one)).filter(Boolean) : academies(snapshot);
    const items = [...parts].sort(worstFirst(words)).map((t) => row(drill(t.code), t.name, touched(t), t.health, words));
    const none = place ? "Aucun territoire n’est suivi à l’intérieur de celui-ci." : "";
    const title = parts.every((t) => t.level === "departement") ? "Ses départements" : "Les territoires qui le composent";
    const mine = place ? listed(ofPlace(snapshot, code), NONE_HERE, words) : [];
    return [place ? title : "Choisir une académie", items, items.length ? "" : none, mine, !place];
  };

  // Where one is, and the way back; the state of the place in words.
  const crumbs = (snapshot, code, words) => {
    const place = snapshot && code && find(snapshot, code);
    if (!code || !snapshot) return [[], true, [], true];
    const above = [...(words.places[code]?.above || [])].reverse().map((one) => find(snapshot, one)).filter((t) => t && !t.code.startsWith("R:"));
    const steps = [link("/carte/", "France"), ...above.map((t) => link(drill(t.code), t.name))].map((children) => node("Li", { children }));
    if (!place) return [steps, false, [], true];
    steps.push(node("Li", { "aria-current": "page", children: place.name }));
    const folder = words.folders[code[0]];
    const state = [chip(place.health, words), place.share_affected > 0 ? ` Part touchée\u00a0: ${percent(place.share_affected)}.` : "", ` Part dont l’état est connu\u00a0: ${percent(place.coverage)}.`];
    if (folder) state.push(" ", link(`/${folder}/${encodeURIComponent(code.slice(2))}`, "Sa page publique"));
    return [steps, false, state, false];
  };

  const services = (snapshot, filter, code, words) => {
    if (!snapshot) return [[], false];
    if (code && find(snapshot, code)) return [[], true]; // its own stand beside the map
    const names = Object.fromEntries(snapshot.territories.map((t) => [t.code, t.name]));
    const wanted = plain(filter || "").split(/\s+/).filter(Boolean);
    const text = (s) => plain([s.name, operator(s), words.healths[s.health], ...s.territories.map((c) => names[c] || "")].join(" "));
    const found = snapshot.services.filter((s) => !wanted.length || wanted.every((w) => text(s).includes(w)));
    return [listed(found, "Aucun service ne correspond.", words), false];
  };

  const sheet = (caption, titles, rows) => node("Table", {
    className: "rows",
    children: [
      node("Caption", { className: "unseen", children: caption }),
      node("Thead", { children: node("Tr", { children: titles.map((c) => node("Th", { scope: "col", children: c })) }) }),
      node("Tbody", { children: rows }),
    ],
  });
  const table = (snapshot, code, words) => {
    const place = code && find(snapshot, code);
    const parts = place ? (words.places[code]?.below || []).map((one) => find(snapshot, one)).filter(Boolean) : academies(snapshot);
    const bad = (t) => t.services.map((id) => snapshot.services.find((s) => s.id === id)).filter((s) => s && !["up", "unknown"].includes(s.health));
    const shown = place && !parts.length ? [place] : [...parts].sort(worstFirst(words));
    const rows = shown.map((t) => node("Tr", {
      children: [
        node("Th", { scope: "row", children: link(drill(t.code), t.name) }),
        node("Td", { children: chip(t.health, words) }),
        node("Td", { className: "num", children: share(t) }),
        node("Td", { className: "list", children: bad(t).flatMap((s, i) => [i ? ", " : "", link(service(s), s.name)]) }),
      ],
    }));
    const what = place ? "Territoire" : "Académie";
    return sheet(place ? `États de ${place.name}` : "États des académies", [what, "État", "Part touchée", "Services concernés"], rows);
  };

  const bands = (snapshot, code, words) => {
    if (!snapshot) return [[], "", "", "", true];
    const national = snapshot.services.filter((s) => s.national && !asleep(s)).sort(worstFirst(words));
    const items = national.map((s) => node("Li", { children: [link(service(s), s.name), chip(s.health, words)] }));
    const note = snapshot.rehearsal ? [node("B", { children: "RÉPÉTITION" }), `${snapshot.rehearsal_note ? ` ${snapshot.rehearsal_note}.` : ""} Scénario «\u00a0${snapshot.rehearsal}\u00a0» rejoué sur des serveurs d’essai. Rien de ceci n’a lieu en ce moment.`] : "";
    const title = code && find(snapshot, code) ? "Territoire par territoire" : "Académie par académie";
    return [items, title, table(snapshot, code, words), note, !snapshot.rehearsal];
  };

  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { beside, crumbs, services, bands });
})();
