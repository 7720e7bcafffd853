// The SPARQL editor: our endpoint, prefixes, examples and completions; it asks nothing of other machines.
"use strict";

const settings = JSON.parse(document.getElementById("sparql-instellingen").dataset.settings);
const Yasqe = Yasgui.Yasqe;

// Classes and properties of the release, asked once: when something is completed for the first time.
let vocabulary = null;
function terms(kind) {
  vocabulary ??= fetch(settings.vocabulary).then((answer) => (answer.ok ? answer.json() : {}));
  return vocabulary.then((found) => (found[kind] ?? []).map((term) => term.iri)).catch(() => []);
}

// The editor's own completers ask prefix.cc and Linked Open Vocabularies: foreign addresses.
const ours = { bulk: true, persistenceId: null };
Yasqe.forkAutocompleter("class", { ...ours, name: "class", get: () => terms("classes") }, false);
Yasqe.forkAutocompleter("property", { ...ours, name: "property", get: () => terms("properties") }, false);
Yasqe.forkAutocompleter("prefixes", {
  ...ours,
  name: "prefixes",
  get: () => Object.entries(settings.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort(),
}, false);

Yasqe.defaults.autocompleters = ["variables", "class", "property", "prefixes"];
Yasqe.defaults.createShareableLink = null;
Yasqe.defaults.value = settings.start;
Yasgui.defaults.requestConfig.endpoint = settings.endpoint;
Yasgui.defaults.copyEndpointOnNewTab = true;
Yasgui.defaults.persistenceId = null;
Yasgui.Yasr.defaults.prefixes = settings.prefixes;

const yasgui = new Yasgui(document.getElementById("yasgui"), {
  requestConfig: { endpoint: settings.endpoint },
  copyEndpointOnNewTab: true,
  persistenceId: null,
});
yasgui.getTab().setQuery(settings.start);

// What the editor leaves without a name or out of reach of the keyboard.
const editor = document.querySelector("#yasgui .CodeMirror");
editor.querySelector("textarea").setAttribute("aria-label", document.title);
editor.querySelector(".CodeMirror-scroll").tabIndex = 0;

document.getElementById("voorbeelden").hidden = false;
document.getElementById("gebruik").addEventListener("click", () => {
  const name = document.getElementById("voorbeeld").value;
  yasgui.getTab().setQuery(settings.examples[name]);
});
document.getElementById("deel").addEventListener("click", () => {
  const asked = new URLSearchParams({ query: yasgui.getTab().getQuery(), release: settings.release });
  window.location.assign(`/vraag?${asked}`);
});
