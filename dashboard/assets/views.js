// From an address to a view and back: the address is the whole state, so links, the back button and bookmarks all work.
"use strict";
(() => {
  const PREFIX = "/carte/";
  const CHANGED = "_dashprivate_pushstate"; // what dcc.Location listens to, beside popstate
  const NOT_NOW = "Cette vue ne peut pas être dessinée pour l’instant\u00a0: réessayez dans un moment.";
  const none = () => window.dash_clientside.no_update;
  const put = (id, props) => window.dash_clientside.set_props(id, props);
  let shown = null, asks = 0, drawings = 0, held = null; // the view on the screen; how often views were asked for and drawn; where the keyboard was, and what stood open

  const nameOf = (pathname) => pathname.startsWith(PREFIX) ? pathname.slice(PREFIX.length).replace(/\/$/, "") : "";

  const go = (href) => {
    const to = new URL(href, location.href);
    if (to.href === location.href) return;
    history.pushState({}, "", to.pathname + to.search);
    window.dispatchEvent(new CustomEvent(CHANGED));
  };

  // The heading is told once the view is there: React draws a little later than the callback answers.
  const arrived = (name, drawn, frames = 90) => {
    const box = document.getElementById("drawn");
    const heading = document.querySelector(name ? "#drawn h1" : "#live h1");
    const there = name ? box.querySelector(`[data-drawing="${drawn}"]`) : heading?.dataset.place === drawn;
    if (!there || !heading || heading.closest("[hidden]")) {
      if (frames) requestAnimationFrame(() => arrived(name, drawn, frames - 1));
      return;
    }
    const view = name || `?${drawn}`;
    document.title = name || drawn ? `${heading.innerText.trim().replace(/\s*\n\s*/g, " ")} · Vigie` : "Carte · Vigie";
    box.removeAttribute("aria-busy");
    if (shown !== null && shown !== view) {
      heading.tabIndex = -1;
      heading.focus();
      scrollTo(0, 0);
    } else if (held) {
      const details = box.querySelectorAll("details");
      held.open.forEach((open, rank) => { if (details[rank]) details[rank].open = open; });
      if (document.activeElement === document.body) document.getElementById(held.id)?.focus();
    }
    shown = view;
    held = null;
  };

  const holding = () => ({
    id: document.activeElement?.id,
    open: [...document.querySelectorAll("#drawn details")].map((one) => one.open),
  });

  const where = (pathname, search) => {
    const name = nameOf(pathname || location.pathname);
    for (const link of document.querySelectorAll("#views a")) {
      if (nameOf(new URL(link.href).pathname) === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    put("trouble", { hidden: true, children: "" });
    if (!name) {
      const place = new URLSearchParams(search || "").get("territoire")?.slice(0, 40) || "";
      requestAnimationFrame(() => arrived("", place));
      return [none(), place, false, true];
    }
    document.getElementById("drawn").setAttribute("aria-busy", "true");
    held = holding();
    return [{ name, search: search || "", ask: ++asks }, none(), true, false];
  };

  // A colour is written as the name of a property of the style sheet, so that a figure is the same in light and dark.
  const coloured = (value, sheet) => {
    if (typeof value === "string") return value.startsWith("--") ? sheet.getPropertyValue(value).trim() || value : value;
    if (Array.isArray(value)) return value.map((one) => coloured(one, sheet));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, sheet)]));
    return value;
  };
  const painted = (node, sheet) => {
    if (Array.isArray(node)) return node.map((one) => painted(one, sheet));
    if (!node || typeof node !== "object" || !node.props) return node;
    const props = { ...node.props };
    if (node.type === "Graph") props.figure = coloured(props.figure, sheet);
    if (node.type === "Tbody" && props["data-rows"]) return { namespace: "vigie", type: "Rows", props: { rows: props["data-rows"] } };
    if (node.type === "Select" && props["data-groups"]) return { namespace: "vigie", type: "Choice", props: { id: props.id, name: props.name, groups: props["data-groups"], chosen: props["data-chosen"] } };
    if (node.type === "Input") return { namespace: "vigie", type: "Field", props };
    if (props.children) props.children = painted(props.children, sheet);
    return { ...node, props };
  };

  // The input of the browser itself: Dash's own speaks to a server that does not listen, and fails on a native date.
  const Field = ({ id, name, type, value, min, max, maxLength }) => {
    const field = window.React.useRef(null);
    window.React.useEffect(() => { field.current.value = value ?? ""; }, [value]);
    return window.React.createElement("input", { ref: field, id, name, type, min, max, maxLength, defaultValue: value, autoComplete: "off" });
  };

  // One of many: as many components of Dash would take seconds. What is asked is chosen again whenever it is drawn.
  const Choice = ({ id, name, groups, chosen }) => {
    const { createElement: make, useEffect, useRef } = window.React, field = useRef(null);
    useEffect(() => { if (chosen) field.current.value = chosen; else field.current.selectedIndex = 0; });
    const option = ([value, words]) => make("option", { key: value, value }, words);
    const group = ([title, some], key) => title ? make("optgroup", { key, label: title }, some.map(option)) : some.map(option);
    return make("select", { ref: field, id, name, defaultValue: chosen }, JSON.parse(groups).map(group));
  };

  // Rows of texts, the first of each its heading: as elements of React, since each component of Dash costs a millisecond.
  // A long table that stays closed is not made at all.
  const MANY = 100;
  const Rows = ({ rows }) => {
    const { createElement: make, useEffect, useMemo, useRef, useState } = window.React;
    const given = useMemo(() => JSON.parse(rows), [rows]), body = useRef(null);
    const [open, setOpen] = useState(given.length <= MANY);
    useEffect(() => {
      const details = body.current.closest("details"), look = () => { if (!details || details.open) setOpen(true); };
      look();
      details?.addEventListener("toggle", look);
      return () => details?.removeEventListener("toggle", look);
    }, []);
    const cell = (text, key) => make(key ? "td" : "th", key ? { key } : { key, scope: "row" }, text);
    return make("tbody", { ref: body }, open ? given.map((row, key) => make("tr", { key }, row.map(cell))) : null);
  };

  const draw = (drawing) => {
    if (!drawing) return none();
    held ??= holding(); // painted again by a change of the colour scheme
    const drawn = String(++drawings), sheet = getComputedStyle(document.documentElement);
    if (nameOf(location.pathname) === drawing.name) requestAnimationFrame(() => arrived(drawing.name, drawn));
    return { namespace: "dash_html_components", type: "Div", props: { "data-drawing": drawn, children: painted(drawing.children, sheet) } };
  };

  // Dash says nothing to the reader when a callback is refused or lost.
  const send = window.fetch;
  window.fetch = async (asked, ...rest) => {
    const drawing = String(asked?.url || asked).includes("_dash-update-component");
    const failed = () => {
      document.getElementById("drawn").removeAttribute("aria-busy");
      put("trouble", { hidden: false, children: NOT_NOW });
    };
    try {
      const answer = await send(asked, ...rest);
      if (drawing && !answer.ok) failed();
      return answer;
    } catch (error) {
      if (drawing) failed();
      throw error;
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.target || link.hasAttribute("download")) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || !to.pathname.startsWith(PREFIX)) return;
    event.preventDefault();
    go(to.href);
  });
  // What a figure points at may lead somewhere: its mark says where. The table twin has the same as links.
  document.addEventListener("click", (event) => {
    const to = event.target.closest?.("#drawn .js-plotly-plot")?._hoverdata?.[0]?.customdata;
    if (typeof to === "string" && to.startsWith(PREFIX)) go(to);
  }, true);
  const ask = (form) => {
    const said = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(said).toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
    go(`${form.getAttribute("action")}${query ? "?" : ""}${query}`);
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form.asking");
    if (form) ask(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.asking")) return;
    event.preventDefault();
    ask(event.target);
  });

  window.vigie = Object.assign({}, window.vigie, { Field, Choice, Rows, go });
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { where, draw });
})();
