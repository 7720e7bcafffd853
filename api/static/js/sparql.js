// The SPARQL editor: our endpoint, our prefixes, our examples; it asks nothing of other machines.
"use strict";

const settings = JSON.parse(document.getElementById("sparql-instellingen").dataset.settings);

// The default completers ask prefix.cc and Linked Open Vocabularies: foreign addresses.
Yasgui.Yasqe.defaults.autocompleters = ["variables"];
Yasgui.Yasqe.defaults.value = settings.start;
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
