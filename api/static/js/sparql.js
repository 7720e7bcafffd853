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
document.getElementById("voorbeelden").hidden = false;
document.getElementById("gebruik").addEventListener("click", () => {
  const name = document.getElementById("voorbeeld").value;
  yasgui.getTab().setQuery(settings.examples[name]);
});
