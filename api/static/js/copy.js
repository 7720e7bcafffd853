// Buttons that copy the text of a block; without script, or where copying is not allowed, it is selected.
"use strict";

function select(block) {
  const range = document.createRange();
  range.selectNodeContents(block);
  const chosen = window.getSelection();
  chosen.removeAllRanges();
  chosen.addRange(range);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const block = document.getElementById(button.dataset.copy);
  const label = button.firstChild.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.firstChild.textContent = button.dataset.done;
      setTimeout(() => { button.firstChild.textContent = label; }, 2000);
    } catch {
      select(block);
    }
  });
}
