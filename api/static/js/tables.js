// Tables that sort by a heading and lists that get shorter while typing. Without this script both are complete.
"use strict";

const collator = new Intl.Collator("nl", { numeric: true, sensitivity: "base" });

function sortKey(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent.trim();
}

function sortBy(table, column, heading) {
  const ascending = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [sortKey(row, column), row]);
  // What has no value comes last, whichever way the column runs.
  rows.sort(([a], [b]) => (a === "") - (b === "") || (ascending ? 1 : -1) * collator.compare(a, b));
  body.append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rg-sort";
    button.textContent = heading.textContent;
    button.addEventListener("click", () => sortBy(table, column, heading));
    heading.replaceChildren(button);
  });
}

function makeFilter(box) {
  const input = box.querySelector("input");
  const counter = box.querySelector("[data-shown]");
  const rows = [...document.querySelectorAll(`${box.dataset.filter} > *`)];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim());
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !texts[place].includes(wanted);
      if (!row.hidden) shown += 1;
    });
    counter.textContent = counter.dataset.shown.replace("{shown}", shown).replace("{total}", rows.length);
  });
  box.hidden = false;
}

document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
document.querySelectorAll("[data-filter]").forEach(makeFilter);
