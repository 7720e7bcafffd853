// The drawing on the canvas: vis-network draws what the server placed, sized and coloured.
"use strict";

const byId = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const READABLE = 0.62;
const NARROW = 640;
const plainText = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// All text goes in by textContent, so that no label is ever read as markup.
function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function theme() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return {
    ink: token("--rg-ink"), paper: token("--rg-paper"), face: token("--rg-font"), edge: token("--rg-edge"),
    outline: token("--rg-node-outline"), accent: token("--rg-link"), focus: token("--rg-focus"), ring: token("--rg-focus-ring"),
  };
}

class Picture {
  constructor(stage, { nodes, edges, options, extra }) {
    this.stage = stage;
    this.colours = theme();
    this.extra = extra;
    this.plainNodes = nodes;
    this.plainEdges = edges.map((edge, place) => ({ ...edge, id: place }));
    this.nodes = new vis.DataSet(nodes.map((node) => this.lookOf(node)));
    this.edges = new vis.DataSet(this.plainEdges.map((edge) => this.lineOf(edge)));
    this.near = this.neighbours(edges);
    stage.replaceChildren();
    this.network = new vis.Network(stage, { nodes: this.nodes, edges: this.edges }, { ...options, ...this.fonts(options) });
    this.network.on("beforeDrawing", (context) => this.drawGroups(context));
    this.network.on("afterDrawing", (context) => {
      this.drawHeadings(context);
      this.drawFocus(context);
    });
    this.prepareStage();
    this.onTheme = () => this.recolour();
    dark.addEventListener("change", this.onTheme);
  }

  close() {
    dark.removeEventListener("change", this.onTheme);
    this.network.destroy();
  }

  fonts(options) {
    const { ink, paper, face } = this.colours;
    return { nodes: { ...options.nodes, font: { color: ink, strokeColor: paper, strokeWidth: 4, face } } };
  }

  lookOf(node) {
    const fill = node.mark === "onbekend" ? this.colours.paper : node.color;
    const look = { border: this.colours.outline, background: fill };
    const title = [node.name, node.kind, node.category, node.measure, node.standing].filter(Boolean).join("\n");
    return { ...node, title, color: { ...look, highlight: look, hover: look } };
  }

  lineOf(edge) {
    const { ink, accent } = this.colours;
    const color = edge.chain ? accent : this.extra.layers[edge.layer] ?? this.colours.edge;
    const width = edge.chain ? edge.width + 4 : edge.width;
    return { id: edge.id, from: edge.from, to: edge.to, width, dashes: edge.dashes, color: { color, highlight: ink, hover: ink, opacity: edge.chain ? 1 : edge.strength } };
  }

  neighbours(edges) {
    const found = new Map(this.plainNodes.map((node) => [node.id, new Set()]));
    for (const { from, to } of edges) {
      if (from === to) continue;
      found.get(from).add(to);
      found.get(to).add(from);
    }
    return found;
  }

  // The stage is what the keyboard works on; what is drawn in it is told by the list and the live region.
  prepareStage() {
    this.stage.querySelector(".vis-network").removeAttribute("tabindex");
    this.stage.querySelector("canvas").setAttribute("aria-hidden", "true");
    const attributes = { tabindex: "0", role: "application", "aria-label": this.stage.dataset.label, "aria-describedby": "netwerk-toetsen" };
    for (const [name, value] of Object.entries(attributes)) this.stage.setAttribute(name, value);
    // Labels are measured while drawing, and only then is known how much room everything takes.
    this.network.redraw();
    this.network.fit({ animation: false });
    this.keepReadable();
  }

  // On a narrow screen everything at once cannot be read: start at the best connected node instead.
  keepReadable() {
    const floor = this.plainNodes.length > 60 ? 0.3 : READABLE;
    if (this.stage.clientWidth > NARROW || this.network.getScale() >= floor) return;
    this.network.moveTo({ position: this.network.getPosition(this.busiest()), scale: floor, animation: false });
  }

  busiest() {
    return [...this.near].sort(([, a], [, b]) => b.size - a.size)[0][0];
  }

  drawGroups(context) {
    const { paper } = this.colours;
    for (const { points, pad, color } of this.extra.hulls) {
      context.save();
      context.fillStyle = context.strokeStyle = mixed(color, paper, dark.matches ? 0.22 : 0.13);
      context.lineWidth = 2 * pad;
      context.lineJoin = context.lineCap = "round";
      context.beginPath();
      points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
      if (points.length === 1) context.lineTo(points[0][0] + 0.1, points[0][1]);
      context.closePath();
      context.stroke();
      context.fill();
      context.restore();
    }
  }

  drawHeadings(context) {
    const { paper, ink, face } = this.colours;
    context.font = `600 15px ${face}`;
    context.textAlign = "center";
    for (const { points: [[x, y]], pad, text } of this.extra.hulls.filter((hull) => hull.text)) {
      context.strokeStyle = paper;
      context.lineWidth = 4;
      context.strokeText(text, x, y - pad - 6);
      context.fillStyle = ink;
      context.fillText(text, x, y - pad - 6);
    }
  }

  // Two rings, light and dark, so that the selected node stands out on any ground.
  drawFocus(context) {
    if (!this.current) return;
    const { x, y } = this.network.getPosition(this.current);
    const radius = (this.nodes.get(this.current).size ?? 10) + 6;
    const scale = this.network.getScale();
    for (const [width, colour] of [[7, this.colours.paper], [3.5, this.colours.ink]]) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.lineWidth = width / scale;
      context.strokeStyle = colour;
      context.stroke();
    }
  }

  recolour() {
    this.colours = theme();
    this.network.setOptions(this.fonts({ nodes: {} }));
    this.nodes.update(this.plainNodes.map((node) => this.lookOf(node)));
    this.edges.update(this.plainEdges.map((edge) => this.lineOf(edge)));
  }

  get animation() {
    return calm.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" };
  }

  show(id, closer) {
    this.current = id;
    this.network.selectNodes([id]);
    const scale = this.network.getScale();
    if (closer) this.network.focus(id, { scale: Math.max(scale, 0.9), animation: this.animation });
    else if (!this.isInView(id)) this.network.focus(id, { scale, animation: this.animation });
    else this.network.redraw();
  }

  clear() {
    this.current = undefined;
    this.network.unselectAll();
    this.network.redraw();
  }

  isInView(id) {
    const { x, y } = this.network.canvasToDOM(this.network.getPosition(id));
    return x > 40 && y > 40 && x < this.stage.clientWidth - 40 && y < this.stage.clientHeight - 60;
  }

  // The nearest neighbour within sixty degrees of an arrow key's direction.
  towards(id, [dx, dy]) {
    const here = this.network.getPosition(id);
    let best;
    for (const other of this.near.get(id)) {
      const there = this.network.getPosition(other);
      const [x, y] = [there.x - here.x, there.y - here.y];
      const far = Math.hypot(x, y) || 1;
      const along = (x * dx + y * dy) / far;
      const score = far * (2 - along);
      if (along >= 0.5 && (!best || score < best.score)) best = { other, score };
    }
    return best?.other;
  }

  act(action) {
    const { network, animation } = this;
    const scale = network.getScale();
    const { x, y } = network.getViewPosition();
    const step = 120 / scale;
    const moves = { left: [-step, 0], right: [step, 0], up: [0, -step], down: [0, step] };
    if (action === "fit") network.fit({ animation });
    else if (action === "zoom_in") network.moveTo({ scale: scale * 1.3, animation });
    else if (action === "zoom_out") network.moveTo({ scale: scale / 1.3, animation });
    else network.moveTo({ position: { x: x + moves[action][0], y: y + moves[action][1] }, animation });
  }

  save(name) {
    const canvas = this.stage.querySelector("canvas");
    const copy = element("canvas", "", { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d");
    context.fillStyle = this.colours.paper;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    const link = element("a", "", { href: copy.toDataURL("image/png"), download: name });
    link.click();
  }
}

// A colour on paper as it looks with some opacity, so that overlapping parts of one group stay even.
function mixed(colour, paper, share) {
  const parts = (hex) => [1, 3, 5].map((place) => Number.parseInt(hex.slice(place, place + 2), 16));
  const [one, other] = [parts(colour), parts(paper)];
  return `rgb(${one.map((value, place) => Math.round(value * share + other[place] * (1 - share))).join(" ")})`;
}
