// Joins drawing, facts and list, by mouse and by keyboard.
"use strict";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOMS = { "+": "zoom_in", "=": "zoom_in", "-": "zoom_out", 0: "fit" };
const TYPING_MS = 900;
let shownPicture;

class Keys {
  constructor(picture, list, choose, facts) {
    Object.assign(this, { picture, list, choose, facts, typed: "" });
    picture.stage.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = this.move(event.key) || this.command(event.key) || this.type(event.key);
    if (done) event.preventDefault();
  }

  move(key) {
    const { ordered } = this.list;
    const edge = { Home: ordered[0], End: ordered.at(-1) }[key];
    if (edge) this.choose(edge.id, {});
    else if (!ARROWS[key]) return false;
    else if (!this.picture.current) this.choose(this.picture.busiest(), {});
    else {
      const next = this.picture.towards(this.picture.current, ARROWS[key]);
      if (next) this.choose(next, {});
      else say(this.picture.stage.dataset.far);
    }
    return true;
  }

  command(key) {
    if (ZOOMS[key]) this.picture.act(ZOOMS[key]);
    else if (key === "Enter" && this.picture.current) this.facts.panel.focus();
    else if (key === "Escape") this.choose(undefined, {});
    else return false;
    return true;
  }

  type(key) {
    if (key.length !== 1 || (key === " " && !this.typed)) return false;
    const now = performance.now();
    this.typed = (now - (this.typedAt ?? 0) > TYPING_MS ? "" : this.typed) + plainText(key);
    this.typedAt = now;
    const found = this.list.ordered.find((node) => plainText(node.name).startsWith(this.typed));
    if (found) this.choose(found.id, {});
    return true;
  }
}

function say(text) {
  byId("netwerk-melding").textContent = text;
}

function remember(id) {
  if (isMailed) return;
  const address = new URL(location.href);
  if (id) address.searchParams.set("kies", id);
  else address.searchParams.delete("kies");
  history.replaceState(null, "", address);
}

function readData(block) {
  const data = JSON.parse(block.textContent);
  // The generator hands its options over as text.
  data.options = JSON.parse(data.options);
  return data;
}

function startNetwork() {
  const [stage, block] = [byId("netwerk"), byId("netwerk-gegevens")];
  shownPicture?.close();
  shownPicture = undefined;
  if (!stage || !block) return;
  // First, for the list takes room from the stage.
  for (const id of ["netwerk-zij", "netwerk-knoppen"]) byId(id).hidden = false;
  const data = readData(block);
  const picture = new Picture(stage, data);
  const choose = (id, { focus = false, closer = false }) => {
    if (id) picture.show(id, closer);
    else picture.clear();
    list.mark(id);
    if (id) say(facts.show(id));
    remember(id);
    if (focus) byId("netwerk-feiten").focus();
  };
  const facts = new Facts(data, choose, () => stage.focus());
  const list = new NodeList(data.nodes, choose);
  new Keys(picture, list, choose, facts);
  shownPicture = picture;
  listen(picture, choose);
  const chosen = new URL(location.href).searchParams.get("kies");
  if (chosen && facts.names.has(chosen)) choose(chosen, { closer: true });
  stage.dataset.ready = "true";
}

function listen(picture, choose) {
  byId("netwerk-knoppen").addEventListener("click", (event) => {
    const { action } = event.target.dataset;
    if (action) picture.act(action);
  });
  picture.network.on("selectNode", ({ nodes }) => choose(nodes[0], {}));
  picture.network.on("deselectNode", ({ nodes }) => {
    if (!nodes.length) choose(undefined, {});
  });
  const save = byId("netwerk-png");
  if (!save) return;
  save.hidden = false;
  save.addEventListener("click", () => picture.save("netwerk.png"));
}

startNetwork();
