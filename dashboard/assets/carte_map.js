// The map: painted from the snapshot, drawn close on the place whose parts are shown, and clicked.
"use strict";
(() => {
  const { none, colour, percent, find, drill } = window.vigie;
  const PATTERNS = { slow: ".", waiting: "/", restricted: "-", down: "x", maintenance: "+", unknown: "\\" };
  const PADDING = 0.14, SPAN_LEAST = 36; // of the map's units: Paris would fill the map alone
  let country = null; // the ranges of the whole map

  // The académie whose outline stands for a place: its own, or that which a département lies in.
  const outlineOf = (code, words) => [code, ...(words.places[code]?.above || [])].find((one) => one.startsWith("A:")) || null;

  const close = (trace) => {
    const xs = trace.x.filter((one) => one !== null), ys = trace.y.filter((one) => one !== null);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const half = Math.max(right - left, bottom - top, SPAN_LEAST) * (0.5 + PADDING);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return { x: [x - half, x + half], y: [y + half, y - half] };
  };

  const painted = (trace, state, words, pale) => {
    const shape = PATTERNS[state.health] || "";
    const share = state.share_affected > 0 ? `, ${percent(state.share_affected)} touchés` : "";
    return {
      ...trace,
      opacity: pale ? 0.22 : 1,
      text: `${state.name.replace(/[<>&]/g, "")}\u00a0: ${words.healths[state.health].toLowerCase()}${share}`,
      fillcolor: colour(state.health),
      fillpattern: { shape, size: 7, solidity: state.health === "slow" ? 0.2 : 0.16, bgcolor: colour(state.health), fgcolor: colour(["unknown", "slow"].includes(state.health) ? `${state.health}-ink` : "paper"), fgopacity: 0.6, fillmode: "overlay" },
      line: { width: 1.3, color: colour("paper") },
      hoverlabel: { bgcolor: colour("ink"), bordercolor: colour("ink"), font: { color: colour("paper"), family: "Atkinson, system-ui, sans-serif", size: 15 } },
    };
  };

  const paint = (snapshot, _theme, code, figure, words) => {
    if (!snapshot) return none();
    country ??= { x: figure.layout.xaxis.range, y: figure.layout.yaxis.range };
    const states = Object.fromEntries(snapshot.territories.map((t) => [t.code, t]));
    const chosen = code && find(snapshot, code) ? outlineOf(code, words) : null;
    const data = figure.data.map((trace) => painted(
      trace, states[trace.meta] || { name: trace.name, health: "unknown", share_affected: 0 }, words, chosen && trace.meta !== chosen,
    ));
    const outline = chosen && data.find((trace) => trace.meta === chosen);
    const frame = outline ? close(outline) : country;
    const { xaxis, yaxis } = figure.layout;
    return { ...figure, data, layout: { ...figure.layout, xaxis: { ...xaxis, range: frame.x }, yaxis: { ...yaxis, range: frame.y } } };
  };

  // Plotly tells of clicks on points, and these are areas: odd crossings of the ring from a point to the right is inside.
  const inside = (trace, x, y) => {
    let odd = false;
    for (let i = 1; i < trace.x.length; i++) {
      const [x1, y1, x2, y2] = [trace.x[i - 1], trace.y[i - 1], trace.x[i], trace.y[i]];
      if (x1 === null || x2 === null || y1 > y === y2 > y) continue;
      if (x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd = !odd;
    }
    return odd;
  };
  document.addEventListener("click", (event) => {
    const plot = event.target.closest?.("#map .js-plotly-plot"), pane = plot?.querySelector(".nsewdrag");
    if (!pane) return;
    const box = pane.getBoundingClientRect(), { xaxis, yaxis } = plot.layout;
    const at = (range, share) => range[0] + (range[1] - range[0]) * share;
    const x = at(xaxis.range, (event.clientX - box.left) / box.width);
    const y = at(yaxis.range, 1 - (event.clientY - box.top) / box.height);
    const hit = plot.data.findLast((trace) => inside(trace, x, y));
    if (hit) window.vigie.go(drill(hit.meta));
  });

  window.dash_clientside.vigie = Object.assign({}, window.dash_clientside.vigie, { paint });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    window.dash_clientside.set_props("theme", { data: Math.random() });
  });
})();
