// What a chart says at the pointer, read from the table behind it: a line of the table for the last row at or before the place.
"use strict";

(() => {
  for (const figure of document.querySelectorAll("figure[data-table]")) {
    const table = document.getElementById(figure.dataset.table);
    const shown = figure.dataset.columns.split(" ").map(Number);
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const rows = [...table.tBodies[0].rows];
    const readout = document.createElement("div");
    readout.className = "readout";
    readout.hidden = true;
    figure.append(readout);
    for (const chart of figure.querySelectorAll("svg.chart")) {
      const { x0, x1, left, right, axis } = chart.dataset;
      const places = rows.map((row) => Number(row.cells[Number(axis)].dataset.value ?? row.cells[Number(axis)].textContent));
      const cross = document.createElementNS("http://www.w3.org/2000/svg", "line");
      cross.setAttribute("class", "cross");
      cross.setAttribute("y1", "0");
      cross.setAttribute("y2", chart.viewBox.baseVal.height);
      cross.style.display = "none";
      chart.append(cross);
      chart.addEventListener("pointermove", (event) => {
        const box = chart.getBoundingClientRect();
        const part = (((event.clientX - box.left) / box.width) * chart.viewBox.baseVal.width - left) / (right - left);
        const x = Number(x0) + part * (x1 - x0);
        let at = -1;
        while (at + 1 < places.length && places[at + 1] <= x) at++;
        readout.hidden = at < 0 || part < 0 || part > 1;
        cross.style.display = readout.hidden ? "none" : "";
        if (readout.hidden) return;
        readout.textContent = shown.map((k) => `${heads[k]}: ${rows[at].cells[k].textContent}`).join("\n");
        const place = Number(left) + ((places[at] - x0) / (x1 - x0)) * (right - left);
        cross.setAttribute("x1", place);
        cross.setAttribute("x2", place);
        readout.style.left = `${Math.min(event.clientX - box.left + 12, box.width - 150)}px`;
        readout.style.top = "0.5rem";
      });
      chart.addEventListener("pointerleave", () => {
        readout.hidden = true;
        cross.style.display = "none";
      });
    }
  }
})();
