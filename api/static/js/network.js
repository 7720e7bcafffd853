// The network picture: vis-network draws, this file selects, searches, explains. All text goes in by textContent.
"use strict";

const byId = (id) => document.getElementById(id);
const stage = byId("netwerk");
const block = byId("netwerk-gegevens");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const READABLE = 0.7;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

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
    nodes: { font: { color: token("--rg-ink"), strokeColor: token("--rg-paper"), strokeWidth: 4, face: token("--rg-font") } },
    edges: { color: { color: token("--rg-edge"), highlight: token("--rg-ink"), hover: token("--rg-ink"), opacity: 0.5 } },
    outline: token("--rg-node-outline"),
  };
}

function coloured(node, outline) {
  const look = { border: outline, background: node.color };
  return { id: node.id, color: { ...look, highlight: look, hover: look } };
}

class Picture {
  constructor({ nodes, edges, options }) {
    const colours = theme();
    this.plainNodes = nodes;
    this.nodes = new vis.DataSet(nodes.map((node) => ({ ...node, color: coloured(node, colours.outline).color })));
    this.edges = new vis.DataSet(edges.map((edge, place) => ({ ...edge, id: place })));
    stage.replaceChildren();
    this.network = new vis.Network(stage, { nodes: this.nodes, edges: this.edges }, {
      ...options,
      nodes: { ...options.nodes, ...colours.nodes },
      edges: { ...options.edges, ...colours.edges },
    });
    this.prepareCanvas();
    dark.addEventListener("change", () => this.recolour());
  }

  // The list beside the picture is what the keyboard walks through; the canvas is an image with a name.
  prepareCanvas() {
    const frame = stage.querySelector(".vis-network");
    frame.removeAttribute("tabindex");
    const canvas = stage.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", stage.dataset.label);
    this.network.fit({ animation: false });
    this.keepReadable();
  }

  // On a narrow screen everything at once cannot be read: start at the best connected node instead.
  keepReadable() {
    if (this.network.getScale() >= READABLE) return;
    const count = (id) => this.network.getConnectedEdges(id).length;
    const [first] = this.nodes.getIds().sort((a, b) => count(b) - count(a));
    this.network.moveTo({ position: this.network.getPosition(first), scale: READABLE, animation: false });
  }

  recolour() {
    const colours = theme();
    this.network.setOptions({ nodes: colours.nodes, edges: colours.edges });
    this.nodes.update(this.plainNodes.map((node) => coloured(node, colours.outline)));
  }

  get animation() {
    return calm.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" };
  }

  show(id) {
    this.network.selectNodes([id]);
    const scale = Math.max(this.network.getScale(), 0.9);
    this.network.focus(id, { scale, animation: this.animation });
  }

  act(action) {
    const scale = this.network.getScale();
    const position = this.network.getViewPosition();
    const step = 120 / scale;
    const moves = { left: [-step, 0], right: [step, 0], up: [0, -step], down: [0, step] };
    if (action === "fit") this.network.fit({ animation: this.animation });
    else if (action === "zoom_in") this.network.moveTo({ scale: scale * 1.3, animation: this.animation });
    else if (action === "zoom_out") this.network.moveTo({ scale: scale / 1.3, animation: this.animation });
    else {
      const [x, y] = moves[action];
      this.network.moveTo({ position: { x: position.x + x, y: position.y + y }, animation: this.animation });
    }
  }
}

class Facts {
  constructor(data, choose) {
    this.names = new Map(data.nodes.map((node) => [node.id, node]));
    this.edges = data.edges;
    this.choose = choose;
    this.panel = byId("netwerk-feiten");
    this.content = byId("netwerk-inhoud");
  }

  show(id) {
    const node = this.names.get(id);
    const lines = this.edges.filter((edge) => edge.from === id || edge.to === id);
    const words = this.panel.dataset;
    const links = element("p");
    const around = `/netwerk?rond=${encodeURIComponent(id)}`;
    links.append(element("a", words.open, { href: node.href }), " · ", element("a", words.around, { href: around }));
    const list = element("ul", "", { class: "rg-lines" });
    list.append(...lines.map((edge) => this.line(edge, id)));
    const title = words.connections.replace("{number}", lines.length);
    this.content.replaceChildren(
      element("h3", node.name), element("p", node.kind, { class: "rg-soft" }), links, element("h3", title), list,
    );
    return `${node.name}: ${title}`;
  }

  line(edge, id) {
    const item = element("li");
    const [from, to] = [edge.from, edge.to].map((end) => this.end(end, id));
    item.append(from, ` ${edge.relation} `, to);
    if (edge.shared.length) item.append(element("div", `${this.panel.dataset.shared}: ${edge.shared.join(", ")}`, { class: "rg-remark" }));
    if (edge.passages.length) item.append(this.sources(edge.passages));
    return item;
  }

  end(end, id) {
    const name = this.names.get(end).name;
    if (end === id) return element("strong", name);
    const button = element("button", name, { type: "button" });
    button.addEventListener("click", () => this.choose(end, true));
    return button;
  }

  sources(passages) {
    const box = element("details");
    const list = element("ul");
    for (const passage of passages) {
      const item = element("li");
      item.append(element("a", passage.text, { href: passage.href }));
      list.append(item);
    }
    box.append(element("summary", `${this.panel.dataset.sources} (${passages.length})`), list);
    return box;
  }
}

class NodeList {
  constructor(nodes, choose) {
    this.list = byId("netwerk-lijst");
    this.buttons = new Map();
    for (const node of [...nodes].sort((a, b) => a.name.localeCompare(b.name, "nl"))) {
      const button = element("button", node.name, { type: "button", "aria-pressed": "false", tabindex: "-1" });
      button.addEventListener("click", () => choose(node.id, false));
      const item = element("li");
      item.append(button);
      this.list.append(item);
      this.buttons.set(node.id, button);
    }
    this.list.addEventListener("keydown", (event) => this.walk(event));
    byId("netwerk-zoek").addEventListener("input", (event) => this.filter(plain(event.target.value)));
    this.setStop(this.visible()[0]);
  }

  visible() {
    return [...this.buttons.values()].filter((button) => !button.parentElement.hidden);
  }

  // One stop for the tab key; the arrows go on from there.
  setStop(button) {
    for (const other of this.buttons.values()) other.tabIndex = other === button ? 0 : -1;
  }

  walk(event) {
    const buttons = this.visible();
    const here = buttons.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined || !buttons[next]) return;
    event.preventDefault();
    this.setStop(buttons[next]);
    buttons[next].focus();
  }

  filter(wanted) {
    for (const button of this.buttons.values()) button.parentElement.hidden = !plain(button.textContent).includes(wanted);
    this.setStop(this.visible()[0]);
  }

  mark(id) {
    for (const [key, button] of this.buttons) button.setAttribute("aria-pressed", String(key === id));
    const button = this.buttons.get(id);
    this.setStop(button);
    button.scrollIntoView({ block: "nearest" });
  }
}

function remember(id) {
  const address = new URL(location.href);
  address.searchParams.set("kies", id);
  history.replaceState(null, "", address);
}

function start() {
  // First, for the list takes room from the stage.
  byId("netwerk-zij").hidden = false;
  byId("netwerk-knoppen").hidden = false;
  const data = JSON.parse(block.textContent);
  // The generator hands its options over as text.
  data.options = JSON.parse(data.options);
  const picture = new Picture(data);
  const choose = (id, focus) => {
    picture.show(id);
    list.mark(id);
    byId("netwerk-melding").textContent = facts.show(id);
    remember(id);
    if (focus) byId("netwerk-feiten").focus();
  };
  const facts = new Facts(data, choose);
  const list = new NodeList(data.nodes, choose);
  byId("netwerk-knoppen").addEventListener("click", (event) => {
    const action = event.target.dataset.action;
    if (action) picture.act(action);
  });
  picture.network.on("selectNode", ({ nodes }) => choose(nodes[0], false));
  const chosen = new URL(location.href).searchParams.get("kies");
  if (chosen && facts.names.has(chosen)) choose(chosen, false);
  stage.dataset.ready = "true";
}

if (stage && block) start();
