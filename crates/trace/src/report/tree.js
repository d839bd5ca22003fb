// The trees of a report: unpacked from the page, laid out by the sizes of subtrees, drawn on canvases.
// Everything is found by the attribute data-tree; nothing is asked of any server.
"use strict";

(() => {
  // Letters of the column `as`, in the order of the legend.
  const REASONS = [
    ["b", "branched"], ["i", "infeasible"], ["c", "conflict"], ["f", "fathomed"],
    ["n", "integer"], ["u", "unresolved"], ["o", "open"],
  ];
  const OPEN = 6;
  // Steps of the scale for numbers.
  const STEPS = 24;
  // Variables with a colour of their own; the others share one.
  const NAMED = 7;
  // A subtree narrower than this, in pixels, is drawn by the longest way through it.
  const NARROW = 0.6;
  // From this distance of leaves on, in pixels, nodes have shapes.
  const SHAPES = 7;
  const MARGIN = { left: 56, right: 12, top: 14, bottom: 14 };
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // ---- data -------------------------------------------------------------------------------------------------------------

  async function unpack(element) {
    const text = atob(element.textContent);
    const packed = new Uint8Array(text.length);
    for (let i = 0; i < packed.length; i++) packed[i] = text.charCodeAt(i);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // Differences to sums.
  function sums(differences) {
    const out = new Float64Array(differences.length);
    let sum = 0;
    for (let i = 0; i < out.length; i++) out[i] = sum += differences[i];
    return out;
  }

  class Tree {
    constructor(data) {
      const n = this.size = data.id.length;
      this.names = data.names;
      this.id = sums(data.id);
      this.parent = Int32Array.from(data.up, (up, i) => (up ? i - up : -1));
      this.variable = Int32Array.from(data.variable);
      this.value = data.value;
      this.side = data.side;
      this.bound = Float64Array.from(data.bound, (bound) => (bound === null ? NaN : bound));
      this.fractional = data.fractional;
      this.sum = data.sum;
      this.madeWork = sums(data.made_work);
      this.madeTime = sums(data.made_time);
      this.endWork = Float64Array.from(data.end_work, (d, i) => (d === null ? Infinity : this.madeWork[i] + d));
      this.endTime = Float64Array.from(data.end_time, (d, i) => (d === null ? Infinity : this.madeTime[i] + d));
      const code = new Map(REASONS.map(([letter], k) => [letter, k]));
      this.reason = Uint8Array.from(data.as, (letter) => code.get(letter));
      this.depth = Int32Array.from(data.depth);
      this.roots = [];
      this.first = new Int32Array(n).fill(-1);
      this.next = new Int32Array(n).fill(-1);
      // Children to the left come first, whatever was made first.
      const last = new Int32Array(n).fill(-1);
      for (let i = 0; i < n; i++) {
        const p = this.parent[i];
        if (p < 0) {
          this.roots.push(i);
          continue;
        }
        if (this.first[p] < 0) this.first[p] = last[p] = i;
        else if (this.side[i] === "L") { this.next[i] = this.first[p]; this.first[p] = i; }
        else { this.next[last[p]] = i; last[p] = i; }
      }
      this.nodes = new Int32Array(n).fill(1);
      this.heavy = new Int32Array(n).fill(-1);
      for (let i = n - 1; i >= 0; i--) {
        const p = this.parent[i];
        if (p < 0) continue;
        this.nodes[p] += this.nodes[i];
        if (this.heavy[p] < 0 || this.nodes[i] >= this.nodes[this.heavy[p]]) this.heavy[p] = i;
      }
      this.collapsed = new Uint8Array(n);
      this.left = new Float64Array(n);
      this.width = new Float64Array(n);
      this.layOut();
    }

    // Gives every leaf, and every collapsed subtree, the width 1.
    layOut() {
      const { size, parent, first, next, left, width, collapsed } = this;
      width.fill(0);
      for (let i = size - 1; i >= 0; i--) {
        if (width[i] === 0 || collapsed[i]) width[i] = 1;
        if (parent[i] >= 0) width[parent[i]] += width[i];
      }
      let at = 0;
      for (let i = 0; i < size; i++) {
        if (parent[i] < 0) { left[i] = at; at += width[i]; }
        let x = left[i];
        for (let c = first[i]; c >= 0; c = next[c]) { left[c] = x; x += width[c]; }
      }
      this.leaves = Math.max(at, 1);
    }

    x(i) { return this.left[i] + this.width[i] / 2; }

    change(i) {
      if (this.parent[i] < 0) return "root";
      if (this.variable[i] < 0) return this.side[i] === "L" ? "to the left" : "to the right";
      const sign = this.side[i] === "L" ? "≤" : "≥";
      return `${this.names[this.variable[i]]} ${sign} ${number(this.value[i])}`;
    }
  }

  function number(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return "none";
    if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
    return String(Number(value.toPrecision(7))).replace("-", "−");
  }

  function seconds(microseconds) {
    return `${Number((microseconds / 1e6).toPrecision(4))} s`;
  }

  function range(trees, column) {
    let low = Infinity;
    let high = -Infinity;
    for (const tree of trees) {
      const values = column(tree);
      for (let i = 0; i < values.length; i++) {
        const value = values[i];
        if (value < low && value > -Infinity) low = value;
        if (value > high && value < Infinity) high = value;
      }
    }
    return low > high ? [0, 1] : low === high ? [low, low + 1] : [low, high];
  }

  // ---- what all trees of the page share ---------------------------------------------------------------------------------

  const shared = {
    colour: "reason", y: "depth", asOf: Infinity, trees: [], views: [],
    depths: [0, 1], bounds: [0, 1], works: [0, 1], leaves: 1, named: [],

    measure() {
      this.depths = [0, Math.max(1, range(this.trees, (t) => t.depth)[1])];
      this.bounds = range(this.trees, (t) => t.bound);
      this.works = range(this.trees, (t) => t.madeWork);
      const ends = range(this.trees, (t) => t.endWork);
      this.end = Math.max(this.works[1], ends[1]);
      this.leaves = Math.max(...this.trees.map((t) => t.leaves));
      const counts = new Map();
      for (const tree of this.trees) {
        for (const v of tree.variable) if (v >= 0) counts.set(tree.names[v], (counts.get(tree.names[v]) || 0) + 1);
      }
      const most = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
      this.named = most.slice(0, NAMED);
      this.others = most.length > NAMED;
    },

    draw() { for (const view of this.views) view.ask(); },
  };

  // Colours by number; `of` gives a node's, `legend` what they mean.
  function palette() {
    const style = getComputedStyle(document.documentElement);
    const own = (name) => style.getPropertyValue(name).trim();
    const kinds = ["--c0", "--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7"].map(own);
    const scale = Array.from({ length: STEPS }, (_, k) => {
      const part = k / (STEPS - 1);
      const [low, high] = dark.matches ? [0.55, 0.88] : [0.38, 0.74];
      return `oklch(${(low + (high - low) * part).toFixed(3)} 0.15 ${Math.round(265 + 165 * part) % 360})`;
    });
    const step = ([low, high], value) =>
      Number.isFinite(value) ? Math.min(STEPS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * STEPS))) : STEPS;
    const numbers = (title, ends, column, shown = number) => ({
      colours: [...scale, own("--faint")],
      of: (tree, i) => step(ends, column(tree)[i]),
      legend: { title, scale, ends: ends.map(shown) },
    });
    switch (shared.colour) {
      case "bound": return numbers("bound", shared.bounds, (t) => t.bound);
      case "depth": return numbers("depth", shared.depths, (t) => t.depth);
      case "age": return numbers("made at work", shared.works, (t) => t.madeWork);
      case "variable": {
        const index = new Map(shared.named.map((name, k) => [name, k]));
        const colours = [...kinds.slice(0, NAMED), own("--faint")];
        const of = shared.trees.map((tree) => tree.names.map((name) => index.get(name) ?? NAMED));
        const words = shared.named.map((name, k) => [colours[k], name]);
        if (shared.others || shared.trees.some((t) => t.variable.includes(-1))) words.push([colours[NAMED], "other, or none"]);
        return {
          colours,
          of: (tree, i) => (tree.variable[i] < 0 ? NAMED : of[shared.trees.indexOf(tree)][tree.variable[i]]),
          legend: { title: "branching variable", words },
        };
      }
      default: {
        const colours = REASONS.map(([, word]) => own(`--${word}`));
        const seen = new Set(shared.trees.flatMap((t) => [...new Set(t.reason)]));
        const words = REASONS.map(([, word], k) => [colours[k], word, k]).filter(([, , k]) => seen.has(k) || k === OPEN);
        return {
          colours,
          of: (tree, i) => (tree.endWork[i] > shared.asOf ? OPEN : tree.reason[i]),
          legend: { title: "reason of closing", words },
        };
      }
    }
  }

  // ---- a canvas ---------------------------------------------------------------------------------------------------------

  class View {
    constructor(figure, tree, prefix) {
      this.tree = tree;
      this.canvas = figure.querySelector("canvas");
      this.node = figure.querySelector(".node");
      this.legend = figure.querySelector(".legend");
      this.rows = figure.querySelector(".family tbody");
      this.tip = figure.querySelector(".tip");
      this.prefix = prefix;
      this.selected = 0;
      this.hovered = -1;
      this.found = new Set();
      this.asked = false;
      this.listen();
      new ResizeObserver(() => this.resize()).observe(this.canvas);
      this.resize();
      this.fit();
      this.select(0, false);
    }

    resize() {
      const { clientWidth: w, clientHeight: h } = this.canvas;
      const ratio = devicePixelRatio || 1;
      const before = this.w && this.w - MARGIN.left - MARGIN.right;
      [this.w, this.h] = [Math.max(w, 100), Math.max(h, 100)];
      this.canvas.width = Math.round(this.w * ratio);
      this.canvas.height = Math.round(this.h * ratio);
      this.context = this.canvas.getContext("2d");
      this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (before) this.zoom *= (this.w - MARGIN.left - MARGIN.right) / before;
      this.ask();
    }

    // The same scale for all trees, so that sizes compare.
    fit() {
      this.zoom = (this.w - MARGIN.left - MARGIN.right) / shared.leaves;
      this.tall = 1;
      this.x0 = 0;
      this.y0 = 0;
      this.ask();
    }

    ask() {
      if (this.asked) return;
      this.asked = true;
      requestAnimationFrame(() => { this.asked = false; this.draw(); });
    }

    px(x) { return MARGIN.left + (x - this.x0) * this.zoom; }

    // From depth or bound to a share of the height, the root on top.
    share(i) {
      const { tree } = this;
      if (shared.y === "depth") return tree.depth[i] / shared.depths[1];
      // A node without a bound stands where its parent does.
      while (!Number.isFinite(tree.bound[i]) && tree.parent[i] >= 0) i = tree.parent[i];
      const [low, high] = shared.bounds;
      const part = Number.isFinite(tree.bound[i]) ? (tree.bound[i] - low) / (high - low) : 0;
      return shared.maximize ? 1 - part : part;
    }

    py(i) { return this.pyShare(this.share(i)); }

    pyShare(share) { return MARGIN.top + (share - this.y0) * this.tall * (this.h - MARGIN.top - MARGIN.bottom); }

    draw() {
      const began = performance.now();
      const { context: c, tree, w, h } = this;
      const style = getComputedStyle(document.documentElement);
      const { colours, of } = palette();
      c.clearRect(0, 0, w, h);
      this.axis(c, style);
      c.save();
      c.beginPath();
      c.rect(MARGIN.left - 6, 0, w - MARGIN.left + 6, h);
      c.clip();
      const lines = colours.map(() => []);
      const shapes = [];
      const big = this.zoom >= SHAPES;
      const stack = [...tree.roots];
      while (stack.length) {
        const i = stack.pop();
        if (tree.madeWork[i] > shared.asOf) continue;
        const x = this.px(tree.x(i));
        const y = this.py(i);
        const colour = of(tree, i);
        const half = (tree.width[i] * this.zoom) / 2;
        if (big || i === this.selected || this.found.has(i)) shapes.push([i, x, y, colour]);
        if (tree.collapsed[i]) { shapes.push([i, x, y, colour]); continue; }
        if (2 * half < NARROW) {
          for (let p = i, at = tree.heavy[i], up = y; at >= 0 && tree.madeWork[at] <= shared.asOf; p = at, at = tree.heavy[at]) {
            const down = this.py(at);
            lines[of(tree, at)].push(x, up, x, down);
            up = down;
            if (tree.collapsed[at]) break;
          }
          continue;
        }
        for (let k = tree.first[i]; k >= 0; k = tree.next[k]) {
          if (tree.madeWork[k] > shared.asOf) continue;
          const kx = this.px(tree.x(k));
          const reach = (tree.width[k] * this.zoom) / 2;
          // Beside the window, with all below it.
          if (Math.max(kx + reach, x) < 0 || Math.min(kx - reach, x) > w) continue;
          lines[of(tree, k)].push(x, y, kx, this.py(k));
          stack.push(k);
        }
      }
      c.lineWidth = big ? 1.5 : 1;
      lines.forEach((line, k) => {
        if (!line.length) return;
        c.strokeStyle = colours[k];
        c.beginPath();
        for (let j = 0; j < line.length; j += 4) { c.moveTo(line[j], line[j + 1]); c.lineTo(line[j + 2], line[j + 3]); }
        c.stroke();
      });
      const ink = style.getPropertyValue("--ink").trim();
      for (const [i, x, y, colour] of shapes) this.shape(c, i, x, y, colours[colour], ink);
      c.restore();
      // Tests read how long it took.
      this.canvas.dataset.milliseconds = (performance.now() - began).toFixed(1);
      this.canvas.dataset.drawn = String(Number(this.canvas.dataset.drawn || 0) + 1);
    }

    // A shape for every reason, for eyes that see no colours.
    shape(c, i, x, y, colour, ink) {
      const { tree } = this;
      const chosen = i === this.selected || this.found.has(i);
      const r = Math.min(7, Math.max(3, this.zoom / 4)) + (chosen ? 1.5 : 0);
      c.beginPath();
      if (tree.collapsed[i]) {
        c.moveTo(x, y); c.lineTo(x - r - 2, y + 2.4 * r); c.lineTo(x + r + 2, y + 2.4 * r); c.closePath();
      } else {
        switch (tree.endWork[i] > shared.asOf ? OPEN : tree.reason[i]) {
          case 1: c.rect(x - r, y - r, 2 * r, 2 * r); break;
          case 2: c.moveTo(x, y - r); c.lineTo(x + r, y + r); c.lineTo(x - r, y + r); c.closePath(); break;
          case 3: c.moveTo(x, y + r); c.lineTo(x + r, y - r); c.lineTo(x - r, y - r); c.closePath(); break;
          case 4: c.moveTo(x, y - r - 1); c.lineTo(x + r + 1, y); c.lineTo(x, y + r + 1); c.lineTo(x - r - 1, y); c.closePath(); break;
          default: c.arc(x, y, r, 0, 2 * Math.PI);
        }
      }
      const isOpen = tree.endWork[i] > shared.asOf || tree.reason[i] === OPEN;
      c.fillStyle = isOpen && shared.colour === "reason" ? "transparent" : colour;
      c.fill();
      c.lineWidth = chosen ? 2.5 : 1;
      c.strokeStyle = chosen || isOpen ? ink : colour;
      c.stroke();
      if (tree.collapsed[i] && this.zoom >= 3 * SHAPES) {
        c.fillStyle = ink;
        c.textAlign = "center";
        c.fillText(String(tree.nodes[i]), x, y + 2.4 * r + 12);
      }
      if (i === this.selected && document.activeElement === this.canvas) {
        c.strokeStyle = ink;
        c.lineWidth = 1;
        c.beginPath();
        c.arc(x, y, r + 4, 0, 2 * Math.PI);
        c.stroke();
      }
    }

    axis(c, style) {
      const by = shared.y;
      c.font = `12px ${style.getPropertyValue("--sans")}`;
      c.fillStyle = style.getPropertyValue("--soft").trim();
      c.strokeStyle = style.getPropertyValue("--line").trim();
      c.lineWidth = 1;
      c.textAlign = "right";
      c.textBaseline = "middle";
      const [low, high] = by === "depth" ? shared.depths : shared.bounds;
      const step = roundStep((high - low) / Math.max(2, this.tall * 8), by === "depth" ? 1 : 0);
      for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) {
        const part = (v - low) / (high - low);
        const y = this.pyShare(by === "bound" && shared.maximize ? 1 - part : part);
        if (y < 4 || y > this.h - 4) continue;
        c.beginPath();
        c.moveTo(MARGIN.left - 4, y);
        c.lineTo(this.w, y);
        c.stroke();
        c.fillText(number(v), MARGIN.left - 8, y);
      }
    }

    // The node at a place: on the way down through what lies below the pointer, the one of the nearest height.
    at(x, y) {
      const { tree } = this;
      const leaf = this.x0 + (x - MARGIN.left) / this.zoom;
      let [best, least] = [-1, Infinity];
      const holds = (k) => leaf >= tree.left[k] && leaf < tree.left[k] + tree.width[k];
      let i = tree.roots.find(holds) ?? -1;
      while (i >= 0 && tree.madeWork[i] <= shared.asOf) {
        const far = Math.abs(this.py(i) - y) + 0.2 * Math.min(60, Math.abs(this.px(tree.x(i)) - x));
        if (far < least) [best, least] = [i, far];
        if (tree.collapsed[i]) break;
        let k = tree.first[i];
        while (k >= 0 && !holds(k)) k = tree.next[k];
        i = k;
      }
      return least < 40 ? best : -1;
    }

    words(i) {
      const { tree } = this;
      const ended = tree.endWork[i] > shared.asOf;
      const words = [`node ${tree.id[i]}`, tree.change(i), `depth ${tree.depth[i]}`];
      if (Number.isFinite(tree.bound[i])) words.push(`bound ${number(tree.bound[i])}`);
      words.push(ended ? "open" : REASONS[tree.reason[i]][1]);
      if (tree.fractional[i] !== null) words.push(`${tree.fractional[i]} fractional, sum ${number(tree.sum[i])}`);
      words.push(`made at work ${tree.madeWork[i]}, ${seconds(tree.madeTime[i])}`);
      if (tree.nodes[i] > 1) words.push(`${tree.nodes[i]} nodes in its subtree${tree.collapsed[i] ? ", collapsed" : ""}`);
      return words;
    }

    select(i, reveal = true) {
      this.selected = i;
      const { tree } = this;
      if (reveal) {
        for (let p = tree.parent[i]; p >= 0; p = tree.parent[p]) if (tree.collapsed[p]) this.collapse(p);
        this.reveal(i);
      }
      this.node.textContent = this.words(i).join("; ");
      this.list();
      this.ask();
    }

    // The selected node with its way from the root and its children, as a table.
    list() {
      const { tree } = this;
      const way = [];
      for (let i = this.selected; i >= 0; i = tree.parent[i]) way.unshift(i);
      const children = [];
      for (let k = tree.first[this.selected]; k >= 0; k = tree.next[k]) children.push(k);
      this.rows.replaceChildren(...[...way, ...children].map((i) => {
        const row = document.createElement("tr");
        const open = document.createElement("button");
        open.type = "button";
        open.textContent = String(tree.id[i]);
        open.addEventListener("click", () => this.select(i));
        const head = document.createElement("th");
        head.scope = "row";
        head.append(open);
        row.append(head);
        if (i === this.selected) row.setAttribute("aria-current", "true");
        const reason = tree.endWork[i] > shared.asOf ? "open" : REASONS[tree.reason[i]][1];
        for (const text of [tree.change(i), String(tree.depth[i]), number(tree.bound[i]), reason, String(tree.nodes[i])]) {
          const cell = document.createElement("td");
          cell.textContent = text;
          row.append(cell);
        }
        return row;
      }));
    }

    // Moves the window so that a node is in it.
    reveal(i) {
      const wide = this.w - MARGIN.left - MARGIN.right;
      const x = this.px(this.tree.x(i));
      if (x < MARGIN.left || x > this.w - MARGIN.right) this.x0 = this.tree.x(i) - wide / 2 / this.zoom;
      const y = this.py(i);
      if (y < MARGIN.top - 4 || y > this.h - MARGIN.bottom + 4) this.y0 = this.share(i) - 0.5 / this.tall;
    }

    collapse(i) {
      const { tree } = this;
      if (tree.first[i] < 0) return;
      const before = this.px(tree.x(i));
      tree.collapsed[i] ^= 1;
      tree.layOut();
      // The node stays where it is on the screen.
      this.x0 += (this.px(tree.x(i)) - before) / this.zoom;
      this.node.textContent = this.words(i).join("; ");
      this.ask();
    }

    // All subtrees below a depth, or none.
    collapseBelow(depth) {
      const { tree } = this;
      for (let i = 0; i < tree.size; i++) tree.collapsed[i] = tree.depth[i] === depth && tree.first[i] >= 0 ? 1 : 0;
      tree.layOut();
      while (tree.parent[this.selected] >= 0 && tree.depth[this.selected] > depth) this.selected = tree.parent[this.selected];
    }

    magnify(factor, x = this.px(this.tree.x(this.selected)), tall = 1) {
      const at = this.x0 + (x - MARGIN.left) / this.zoom;
      this.zoom = Math.min(200, Math.max(this.zoom * factor, 0.2 * (this.w - MARGIN.left) / shared.leaves));
      this.x0 = at - (x - MARGIN.left) / this.zoom;
      this.stretch(tall);
      this.ask();
    }

    stretch(factor, y = this.py(this.selected)) {
      const high = this.h - MARGIN.top - MARGIN.bottom;
      const at = this.y0 + (y - MARGIN.top) / (this.tall * high);
      this.tall = Math.min(40, Math.max(1, this.tall * factor));
      this.y0 = this.tall === 1 ? 0 : at - (y - MARGIN.top) / (this.tall * high);
      this.ask();
    }

    pan(dx, dy) {
      this.x0 -= dx / this.zoom;
      this.y0 -= dy / (this.tall * (this.h - MARGIN.top - MARGIN.bottom));
      this.ask();
    }

    step(direction) {
      const { tree, selected: i } = this;
      const shown = (k) => k >= 0 && tree.madeWork[k] <= shared.asOf;
      let to = -1;
      if (direction === "ArrowUp") to = tree.parent[i];
      else if (direction === "ArrowDown") { if (!tree.collapsed[i]) to = tree.first[i]; }
      else {
        // Beside: the sibling, or else the nearest node of the same depth over there.
        const right = direction === "ArrowRight";
        const edge = right ? tree.left[i] + tree.width[i] : tree.left[i];
        for (let k = 0; k < tree.size; k++) {
          if (tree.depth[k] !== tree.depth[i] || k === i || !shown(k) || this.hidden(k)) continue;
          const beyond = right ? tree.left[k] >= edge : tree.left[k] + tree.width[k] <= edge;
          if (beyond && (to < 0 || Math.abs(tree.x(k) - tree.x(i)) < Math.abs(tree.x(to) - tree.x(i)))) to = k;
        }
      }
      if (shown(to)) this.select(to);
    }

    hidden(i) {
      for (let p = this.tree.parent[i]; p >= 0; p = this.tree.parent[p]) if (this.tree.collapsed[p]) return true;
      return false;
    }

    key(event) {
      const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key } = event;
      if (key in moves) event.shiftKey ? this.pan(...moves[key]) : this.step(key);
      else if (key === "+" || key === "=") this.magnify(1.5);
      else if (key === "-") this.magnify(1 / 1.5);
      else if (key === "]") this.stretch(1.5);
      else if (key === "[") this.stretch(1 / 1.5);
      else if (key === "0" || key === "f") this.fit();
      else if (key === "Home") this.select(0);
      else if (key === "Enter" || key === " ") { this.collapse(this.selected); this.list(); }
      else if (key === "/") controls.find.focus();
      else return;
      event.preventDefault();
    }

    listen() {
      const { canvas } = this;
      let drag = null;
      const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
      canvas.addEventListener("pointerdown", (event) => {
        drag = { at: place(event), moved: false };
        canvas.setPointerCapture(event.pointerId);
      });
      canvas.addEventListener("pointermove", (event) => {
        const [x, y] = place(event);
        if (drag && event.buttons) {
          const [dx, dy] = [x - drag.at[0], y - drag.at[1]];
          if (drag.moved || Math.hypot(dx, dy) > 3) {
            this.pan(dx, this.tall > 1 ? dy : 0);
            drag = { at: [x, y], moved: true };
          }
          this.tip.hidden = true;
          return;
        }
        this.hover(this.at(x, y), x, y);
      });
      canvas.addEventListener("pointerup", (event) => {
        const still = drag && !drag.moved;
        drag = null;
        if (!still) return;
        const i = this.at(...place(event));
        if (i >= 0) this.select(i, false);
      });
      canvas.addEventListener("pointercancel", () => { drag = null; });
      canvas.addEventListener("dblclick", (event) => {
        const i = this.at(...place(event));
        if (i >= 0) { this.collapse(i); this.select(i, false); }
      });
      canvas.addEventListener("pointerleave", () => this.hover(-1));
      canvas.addEventListener("wheel", (event) => {
        // Without the focus the wheel belongs to the page.
        if (document.activeElement !== canvas && !event.ctrlKey) return;
        event.preventDefault();
        const [x, y] = place(event);
        const factor = Math.exp(-event.deltaY / 400);
        if (event.shiftKey) this.stretch(factor, y);
        else this.magnify(factor, x);
      }, { passive: false });
      canvas.addEventListener("keydown", (event) => this.key(event));
      canvas.addEventListener("focus", () => this.ask());
      canvas.addEventListener("blur", () => this.ask());
    }

    hover(i, x = 0, y = 0) {
      this.tip.hidden = i < 0;
      if (i < 0) return;
      this.tip.textContent = this.words(i).join("\n");
      this.tip.style.left = `${Math.min(x + 14, this.w - 230)}px`;
      this.tip.style.top = `${Math.min(y + 14, this.h - 120)}px`;
    }

    // Nodes by number, or by a part of the name of their variable.
    search(text) {
      const { tree } = this;
      this.found = new Set();
      const wanted = text.trim().toLowerCase();
      if (wanted) {
        const id = /^#?\d+$/.test(wanted) ? Number(wanted.replace("#", "")) : null;
        const names = tree.names.map((name) => id === null && name.toLowerCase().includes(wanted));
        for (let i = 0; i < tree.size; i++) {
          if (id !== null ? tree.id[i] === id : tree.variable[i] >= 0 && names[tree.variable[i]]) this.found.add(i);
        }
      }
      this.ask();
      return this.found.size;
    }

    next() {
      if (!this.found.size) return;
      const all = [...this.found];
      const after = all.find((i) => i > this.selected);
      this.select(after ?? all[0]);
    }

    explain() {
      const { title, scale, ends, words } = palette().legend;
      const parts = [document.createTextNode(`${title}: `)];
      const sample = (colour) => {
        const ns = "http://www.w3.org/2000/svg";
        const svg = document.createElementNS(ns, "svg");
        svg.setAttribute("class", "sample");
        svg.setAttribute("viewBox", "0 0 10 10");
        svg.setAttribute("aria-hidden", "true");
        const square = document.createElementNS(ns, "rect");
        square.setAttribute("width", "10");
        square.setAttribute("height", "10");
        square.setAttribute("fill", colour);
        svg.append(square);
        return svg;
      };
      if (words) {
        for (const [colour, word] of words) {
          const pair = document.createElement("span");
          pair.append(sample(colour), word);
          parts.push(pair);
        }
      } else parts.push(document.createTextNode(`${ends[0]} `), ...scale.map(sample), document.createTextNode(` ${ends[1]}`));
      this.legend.replaceChildren(...parts);
      this.legend.classList.toggle("scale", !words);
    }
  }

  function roundStep(raw, least) {
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
    return Math.max(step, least);
  }

  // ---- controls ---------------------------------------------------------------------------------------------------------

  const by = (id) => document.getElementById(id);
  const controls = {
    find: by("tree-find"), found: by("tree-found"), time: by("tree-time"), when: by("tree-when"), play: by("tree-play"),

    search() {
      const counts = shared.views.map((view) => view.search(this.find.value));
      const sum = counts.reduce((a, b) => a + b, 0);
      this.found.textContent = this.find.value.trim() ? `${sum} found` : "";
    },

    asOf() {
      const all = Number(this.time.value) >= Number(this.time.max);
      shared.asOf = all ? Infinity : (shared.end * Number(this.time.value)) / Number(this.time.max);
      this.when.textContent = all ? "the end" : `work ${Math.round(shared.asOf)}`;
      for (const view of shared.views) view.list();
      shared.draw();
    },

    listen() {
      by("tree-colour").addEventListener("change", (event) => {
        shared.colour = event.target.value;
        for (const view of shared.views) view.explain();
        shared.draw();
      });
      by("tree-y").addEventListener("change", (event) => { shared.y = event.target.value; shared.draw(); });
      by("tree-collapse").addEventListener("change", (event) => {
        const depth = event.target.value === "" ? -1 : Number(event.target.value);
        for (const view of shared.views) { view.collapseBelow(depth); }
        shared.leaves = Math.max(...shared.trees.map((tree) => tree.leaves));
        for (const view of shared.views) { view.fit(); view.select(view.selected, false); }
      });
      this.find.addEventListener("input", () => this.search());
      this.find.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        for (const view of shared.views) view.next();
      });
      by("tree-next").addEventListener("click", () => { for (const view of shared.views) view.next(); });
      by("tree-fit").addEventListener("click", () => { for (const view of shared.views) view.fit(); });
      for (const [id, factor] of [["tree-in", 1.5], ["tree-out", 1 / 1.5]]) {
        by(id).addEventListener("click", () => { for (const view of shared.views) view.magnify(factor, view.w / 2); });
      }
      this.time.addEventListener("input", () => this.asOf());
      let playing = 0;
      this.play.addEventListener("click", () => {
        if (playing) { clearInterval(playing); playing = 0; this.play.textContent = "Play"; return; }
        if (Number(this.time.value) >= Number(this.time.max)) this.time.value = "0";
        this.play.textContent = "Pause";
        playing = setInterval(() => {
          this.time.value = String(Number(this.time.value) + Number(this.time.max) / 200);
          this.asOf();
          if (Number(this.time.value) >= Number(this.time.max)) this.play.click();
        }, 50);
      });
    },
  };

  async function start() {
    const figures = [...document.querySelectorAll("[data-tree]")];
    if (!figures.length) return;
    const packed = figures.map((figure) => by(figure.dataset.tree));
    shared.trees = (await Promise.all(packed.map(unpack))).map((data) => new Tree(data));
    shared.maximize = figures[0].dataset.sense === "max";
    shared.measure();
    shared.views = figures.map((figure, k) => new View(figure, shared.trees[k], `${k}`));
    for (const view of shared.views) view.explain();
    controls.listen();
    controls.asOf();
    dark.addEventListener("change", () => { for (const view of shared.views) view.explain(); shared.draw(); });
    document.body.dataset.ready = "yes";
  }

  start().catch((error) => {
    for (const figure of document.querySelectorAll("[data-tree]")) figure.querySelector(".node").textContent = `The tree cannot be shown: ${error}`;
    throw error;
  });
})();
