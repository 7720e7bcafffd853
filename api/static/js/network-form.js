// The form of the network follows at once, and the moment becomes a slider; without this script both work by the button.
"use strict";

const choices = byId("netwerk-keuzes");
const SWAPPED = ["netwerk-titel", "netwerk-beelden", "netwerk-uitkomst"];
const WAIT_MS = 250;
let waiting;
let asking;

// What is usual is left out of the address: empty choices, and groups of boxes that are all ticked.
function chosenParameters() {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(choices)) {
    const boxes = [...choices.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
    const field = choices.elements[name];
    const isUsual = !value || field.dataset?.usual === value || (boxes.length && boxes.every((box) => box.checked));
    const isUnchanged = field.dataset?.key && value === field.defaultValue;
    if (!isUsual) found.append(name, isUnchanged ? field.dataset.key : value);
  }
  return found;
}

async function follow() {
  asking?.abort();
  asking = new AbortController();
  const address = `/netwerk?${chosenParameters()}`;
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    history.pushState(null, "", address);
    startNetwork();
    document.querySelectorAll("#netwerk-uitkomst table[data-sortable]").forEach(makeSortable);
    say(choices.dataset.updated.replace("{counts}", byId("netwerk-telling")?.textContent ?? "0"));
  } catch (error) {
    if (error.name !== "AbortError") say(choices.dataset.failed);
  }
}

function swap(page) {
  for (const id of SWAPPED) byId(id).replaceWith(page.getElementById(id));
}

function followSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(follow, WAIT_MS);
}

function makeSlider() {
  const [box, select] = [byId("netwerk-tijd"), choices.elements.per];
  const stops = [...[...select.options].slice(1), select.options[0]];
  if (stops.length < 3) return;
  const slider = element("input", "", { type: "range", id: "netwerk-schuif", min: "0", max: String(stops.length - 1), step: "1", list: "netwerk-maten" });
  const marks = element("datalist", "", { id: "netwerk-maten" });
  const ticks = element("ol", "", { "aria-hidden": "true" });
  stops.forEach((stop, place) => {
    marks.append(element("option", "", { value: String(place), label: stop.text }));
    ticks.append(element("li", stop.text));
  });
  const tell = () => {
    const place = stops.indexOf(select.selectedOptions[0]);
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", stops[place].text);
    [...ticks.children].forEach((tick, number) => tick.classList.toggle("rg-here", number === place));
  };
  slider.addEventListener("input", () => {
    select.selectedIndex = stops[Number(slider.value)].index;
    tell();
    followSoon();
  });
  select.addEventListener("change", tell);
  // The select stays in the form as what is sent; the slider is what people see.
  select.hidden = true;
  box.querySelector("label").htmlFor = slider.id;
  box.classList.add("rg-slider");
  box.append(slider, marks, ticks);
  tell();
}

if (choices) {
  choices.addEventListener("change", (event) => {
    if (event.target.type !== "range") followSoon();
  });
  choices.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    follow();
  });
  addEventListener("popstate", () => location.reload());
  makeSlider();
}
