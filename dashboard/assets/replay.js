// A day played again: everything is drawn here from one value that came with the view; scrubbing asks the server nothing.
"use strict";
(() => {
  const NB = "\u00a0", PAGE = 30, STEP_MS = 100, CALM_MS = 1000, ADDRESS_MS = 400;
  const put = (id, props) => window.dash_clientside.set_props(id, props);
  const $ = (name) => document.getElementById(`day-${name}`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const hours = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  let drawing = null, day = null, figure = null, minute = 0, exact = 0, timer = null, writing = null, told = {};

  // `drawing` is what the server drew: the day is a store in it, the map a figure without colours.
  const found = (node, id) => {
    if (Array.isArray(node)) return node.reduce((hit, one) => hit || found(one, id), null);
    if (!node?.props) return null;
    return node.props.id === id ? node.props : found(node.props.children, id);
  };
  const pad = (n) => String(n).padStart(2, "0");
  const hourAt = (at) => hours.format(day.since + at * 60000).split(":").map(Number);
  const clock = (at) => { const [hour, min] = hourAt(at); return `${hour}${NB}h${NB}${pad(min)}`; };
  const percent = (share) => share > 0 && share < 0.005 ? `<${NB}1${NB}%` : `${Math.round(share * 100)}${NB}%`;
  const within = (stretches) => stretches.find(([from, to]) => from <= minute && minute < to);

  // The last change of a flat course that is so at this minute: [second, health, …].
  const now = (course, width) => {
    let at = 0;
    while (at + width < course.length && course[at + width] <= minute * 60) at += width;
    return { since: course[at], health: day.healths[course[at + 1]], share: width > 2 ? course[at + 2] : 0 };
  };
  const said = () => day.sentences.reduce((last, one) => one[0] <= minute ? one : last, [0, []])[1];

  const make = (tag, className, ...inside) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...inside);
    return node;
  };
  const chip = (health) => make("span", `chip s-${health}`, make("i", `dmark s-${health}`), day.words[health]);
  const worst = (a, b) => day.order[b.health] - day.order[a.health] || b.share - a.share || a.name.localeCompare(b.name, "fr");

  // While our own line was cut, or nobody asked, nothing is said of anybody.
  const off = () => within(day.blind) || within(day.pauses);
  const services = () => off() ? [] : day.services.map(([name, course]) => ({ name, ...now(course, 2) }))
    .filter((one) => !["up", "unknown"].includes(one.health)).sort(worst);
  const places = () => day.places.map(([code, name, course]) => ({ code, name, ...(off() ? { health: "unknown", share: 0 } : now(course, 3)) }));

  const changed = (key, value) => {
    const same = told[key] === value;
    told[key] = value;
    return !same;
  };

  const drawSentence = () => {
    const parts = said();
    if (!changed("sentence", JSON.stringify(parts))) return;
    $("sentence").replaceChildren(...parts.map(([text, health]) => make(health ? "em" : "span", health ? `s-${health}` : "", text)));
  };
  const drawServices = () => {
    const bad = services();
    $("title").textContent = `À ${clock(minute)}, ${off() ? "rien de mesuré" : bad.length ? `${bad.length}${NB}service${bad.length > 1 ? "s" : ""} touché${bad.length > 1 ? "s" : ""}` : "aucun service touché"}`;
    if (!changed("services", JSON.stringify(bad))) return;
    $("states").replaceChildren(...bad.map((one) => make("li", "",
      make("span", "", make("b", "", one.name), make("small", "", `depuis ${clock(Math.floor(one.since / 60))}`)), chip(one.health))));
  };
  const drawPlaces = () => {
    const there = places(), cut = off();
    $("place").classList.toggle("off", Boolean(cut));
    $("off").hidden = !cut;
    $("off").textContent = !cut ? "" : cut[2] ? `Rien n’était mesuré à cette heure${NB}: ${cut[2]}.` : `Notre propre connexion était coupée${NB}: la carte ne dit rien de cette heure.`;
    if (!changed("places", JSON.stringify(there))) return;
    const territories = there.map((one) => ({ ...one, share_affected: one.share }));
    put("day-map", { figure: window.dash_clientside.vigie.paint({ territories }, 0, "", figure, { healths: day.words }) });
    $("table").querySelector("tbody").replaceChildren(...[...there].sort(worst).map((one) => {
      const head = make("th", "", one.name);
      head.scope = "row";
      return make("tr", "", head, make("td", "", chip(one.health)), make("td", "num", one.share > 0 ? percent(one.share) : ""));
    }));
  };

  // The address follows, but not at each step: browsers refuse more than some changes a second.
  const address = () => {
    writing ??= setTimeout(() => {
      writing = null;
      if (!$("at") || !day) return;
      const words = new URLSearchParams(location.search), [hour, min] = hourAt(minute);
      words.set("date", day.day);
      words.set("a", `${pad(hour)}:${pad(min)}`);
      history.replaceState(history.state, "", `${location.pathname}?${words.toString().replaceAll("%3A", ":")}`);
    }, ADDRESS_MS);
  };

  const show = (at) => {
    minute = Math.min(Math.max(Math.round(at), day.first), day.last);
    const slider = $("at"), share = (minute - day.first) / (day.last - day.first);
    slider.value = minute;
    slider.setAttribute("aria-valuetext", `${clock(minute)}${NB}: ${said().map(([text]) => text).join("")}`);
    $("clock").textContent = clock(minute);
    document.getElementById("day").style.setProperty("--at", share);
    $("before").setAttribute("aria-disabled", String(!day.leaps.some((one) => one < minute)));
    $("after").setAttribute("aria-disabled", String(!day.leaps.some((one) => one > minute)));
    drawSentence();
    drawServices();
    drawPlaces();
  };
  const leap = (at) => {
    if (at === undefined) return;
    pause();
    show(at);
    address();
  };

  const pause = () => {
    clearInterval(timer);
    timer = null;
    if ($("play")) $("play").textContent = "Lire";
  };
  const play = () => {
    if (minute >= day.last) show(day.first);
    exact = minute;
    $("play").textContent = "Pause";
    const every = calm.matches ? CALM_MS : STEP_MS; // who asked for calm gets one step a second, as far in all
    timer = setInterval(() => {
      if (!$("at")) return pause();
      exact += Number($("speed").value) * every / 1000;
      show(exact);
      address();
      if (exact >= day.last) pause();
    }, every);
  };

  const slider = () => {
    const made = Object.assign(make("input"), { type: "range", id: "day-at", min: day.first, max: day.last, step: 1 });
    made.setAttribute("aria-label", "Heure de la journée");
    made.addEventListener("input", () => leap(Number(made.value)));
    made.addEventListener("keydown", (event) => {
      const by = { PageUp: PAGE, PageDown: -PAGE }[event.key];
      if (!by) return;
      event.preventDefault();
      leap(minute + by);
    });
    $("scrub").replaceChildren(made);
  };

  // Called whenever the view was drawn, or painted again by a change of the colour scheme.
  const arrive = () => {
    const props = drawing && found(drawing.children, "day-data");
    if (!$("scrub") || !props || $("scrub").dataset.day !== props.data.day) return day && !$("scrub") ? pause() : undefined;
    told = {};
    if (day !== props.data) {
      pause();
      day = props.data;
      figure = found(drawing.children, "day-map").figure;
      minute = day.start;
    }
    if (!$("at") || Number($("at").min) !== day.first || Number($("at").max) !== day.last) slider();
    show(minute);
  };
  const replay = (drawn) => {
    drawing = drawn?.name === "jour" ? drawn : null;
    arrive();
  };

  document.addEventListener("click", (event) => {
    const asked = event.target.closest?.("#day-play, #day-before, #day-after, [data-minute], .chart-of-day .track");
    if (!asked || !day || !$("at")) return;
    if (asked.id === "day-play") return timer ? pause() : play();
    if (asked.id === "day-before") return leap(day.leaps.filter((one) => one < minute).pop());
    if (asked.id === "day-after") return leap(day.leaps.find((one) => one > minute));
    if (asked.dataset.minute) return leap(Number(asked.dataset.minute));
    const box = asked.getBoundingClientRect();
    return leap(day.first + (event.clientX - box.left) / box.width * (day.last - day.first));
  });
  // React draws a little later than the callback answers: the number of the drawing tells when it is there.
  let number = null;
  new MutationObserver(() => {
    const seen = document.querySelector("[data-drawing]")?.dataset.drawing;
    if (seen === number && (!$("scrub") || $("at"))) return; // what lies inside may be made anew a little later
    number = seen;
    arrive();
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-drawing"] });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { replay });
})();
