// A table as a file that a spreadsheet opens in French: made here, from what stands in the page, without a question to the server.
"use strict";
(() => {
  // What makes a spreadsheet take a cell for a formula, and the same after a separator that is not ours (monitor/exports/cells.py).
  const TRIGGERS = "=+-@\t\r\n＝＋－＠'";
  const INNER = /([,;|]["'\s]*)([=+\-@＝＋－＠])/g;
  const SPELT = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  const spelt = (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`;

  const cell = (text) => {
    const shown = text.trim().replace(SPELT, spelt).replace(INNER, (_, before, sign) => before + spelt(sign));
    const safe = shown && TRIGGERS.includes(shown[0]) ? `'${shown}` : shown;
    return /[";\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  // What a rehearsal made must say so wherever it goes: in the name of the file, and in its last row.
  const rehearsed = () => {
    const note = document.getElementById("rehearsal");
    return note && !note.hidden ? note.textContent : "";
  };
  const csv = (table) => {
    const rows = [...table.rows].map((row) => [...row.cells].map((one) => cell(one.textContent)).join(";"));
    return [...rows, ...(rehearsed() ? [cell(rehearsed())] : []), ""].join("\r\n");
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-csv]");
    const table = button?.parentElement.querySelector("table");
    if (!table) return;
    const link = document.createElement("a");
    // The mark at the beginning tells a spreadsheet that this is UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv(table)], { type: "text/csv;charset=utf-8" }));
    link.download = `${rehearsed() ? "repetition-" : ""}${button.dataset.csv}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });

  window.vigie = Object.assign(window.vigie || {}, { csv, cell });
})();
