// What stands beside the drawing: the facts of what is selected, with their passages, and the list of all names.
"use strict";

const isMailed = document.documentElement.hasAttribute("data-mailed");

class Facts {
  constructor(data, choose, leave) {
    this.names = new Map(data.nodes.map((node) => [node.id, node]));
    this.edges = data.edges;
    this.extra = data.extra;
    this.choose = choose;
    this.panel = byId("netwerk-feiten");
    this.content = byId("netwerk-inhoud");
    this.leave = leave;
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
    });
  }

  show(id) {
    const node = this.names.get(id);
    const lines = this.edges.filter((edge) => edge.from === id || edge.to === id);
    const title = this.panel.dataset.connections.replace("{number}", lines.length);
    const list = element("ul", "", { class: "rg-lines" });
    list.append(...lines.map((edge) => this.line(edge, id)));
    const about = [node.kind, node.category === node.kind ? "" : node.category, node.measure, node.standing];
    this.content.replaceChildren(
      element("h3", node.name), element("p", about.filter(Boolean).join(" · "), { class: "rg-soft" }), this.links(node), element("h3", title), list,
    );
    return `${node.name}, ${node.kind}. ${title}`;
  }

  links({ id, href }) {
    const words = this.panel.dataset;
    const row = element("p", "", { class: "rg-facts-links" });
    const key = encodeURIComponent(id);
    if (!isMailed) {
      row.append(
        element("a", words.open, { href }), element("a", words.around, { href: `/netwerk?rond=${key}` }),
        element("a", words.way, { href: `/netwerk?beeld=weg&van=${key}` }),
      );
    }
    const back = element("button", words.back, { type: "button", class: "rg-linkish" });
    back.addEventListener("click", this.leave);
    row.append(back);
    return row;
  }

  line(edge, id) {
    const item = element("li");
    const [from, to] = [edge.from, edge.to].map((end) => this.end(end, id));
    item.append(from, ` ${this.extra.words[edge.relation]} `, to);
    if (edge.standing >= 0) item.append(` (${this.extra.words[edge.standing]})`);
    const shared = edge.shared.map((place) => this.extra.words[place]).join(", ");
    if (shared) item.append(element("div", `${this.panel.dataset.shared}: ${shared}`, { class: "rg-remark" }));
    if (edge.sources.length) item.append(this.sources(edge.sources));
    return item;
  }

  end(end, id) {
    const { name } = this.names.get(end);
    if (end === id) return element("strong", name);
    const button = element("button", name, { type: "button" });
    button.addEventListener("click", () => this.choose(end, { focus: true, closer: true }));
    return button;
  }

  sources(places) {
    const box = element("details");
    const list = element("ul");
    for (const [text, href] of places.map((place) => this.extra.passages[place])) {
      const item = element("li");
      item.append(isMailed ? text : element("a", text, { href }));
      list.append(item);
    }
    box.append(element("summary", `${this.panel.dataset.sources} (${places.length})`), list);
    return box;
  }
}

class NodeList {
  constructor(nodes, choose) {
    this.list = byId("netwerk-lijst");
    this.outside = byId("netwerk-buiten");
    this.field = byId("netwerk-zoek");
    this.choose = choose;
    this.buttons = new Map();
    this.ordered = [...nodes].sort((a, b) => a.name.localeCompare(b.name, "nl"));
    for (const node of this.ordered) this.add(node);
    this.list.addEventListener("keydown", (event) => this.walk(event));
    this.field.addEventListener("input", () => this.filter(plainText(this.field.value.trim())));
    this.field.addEventListener("keydown", (event) => this.enter(event));
    this.setStop(this.visible()[0]);
  }

  add(node) {
    const button = element("button", node.name, { type: "button", "aria-pressed": "false", tabindex: "-1" });
    button.addEventListener("click", () => this.choose(node.id, { closer: true }));
    const item = element("li");
    item.append(button);
    this.list.append(item);
    this.buttons.set(node.id, button);
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

  enter(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const [first] = this.visible();
    if (first) first.click();
  }

  filter(wanted) {
    for (const button of this.buttons.values()) button.parentElement.hidden = !plainText(button.textContent).includes(wanted);
    this.setStop(this.visible()[0]);
    this.outside.replaceChildren();
    clearTimeout(this.timer);
    if (wanted.length > 1 && !isMailed) this.timer = setTimeout(() => this.forgive(this.field.value), 200);
  }

  // The server forgives typing errors, and knows what is not in this picture.
  async forgive(text) {
    const answer = await fetch(`/netwerk/zoek?q=${encodeURIComponent(text)}`);
    if (!answer.ok || text !== this.field.value) return;
    const hits = await answer.json();
    const here = hits.filter((hit) => this.buttons.has(hit.id));
    for (const { id } of here) this.buttons.get(id).parentElement.hidden = false;
    this.setStop(this.visible()[0]);
    this.offer(hits.filter((hit) => !this.buttons.has(hit.id)).slice(0, 4));
  }

  offer(hits) {
    const links = hits.map(({ id, name }) => {
      const item = element("li");
      item.append(element("a", name, { href: `/netwerk?rond=${encodeURIComponent(id)}` }));
      return item;
    });
    const list = element("ul", "", { class: "rg-plain" });
    list.append(...links);
    this.outside.replaceChildren(...(links.length ? [element("p", this.outside.dataset.title, { class: "rg-soft" }), list] : []));
  }

  mark(id) {
    for (const [key, button] of this.buttons) button.setAttribute("aria-pressed", String(key === id));
    const button = this.buttons.get(id);
    if (!button) return;
    this.setStop(button);
    const { offsetTop } = button.parentElement;
    this.list.scrollTop = offsetTop - this.list.offsetTop - this.list.clientHeight / 2;
  }
}
