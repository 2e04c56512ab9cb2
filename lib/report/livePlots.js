// In a page: replaces each still picture by its live plot once that is drawn; one that fails stays
// still. The specs name the schema that JupyterLab renders, older than these scripts: they are told
// the kind instead, or they would warn of it.
for (const script of document.querySelectorAll('script.spec')) {
  const live = document.createElement('div');
  const { $schema, ...spec } = JSON.parse(script.textContent);
  const mode = $schema.includes('/vega-lite/') ? 'vega-lite' : 'vega';
  vegaEmbed(live, spec, { mode, actions: false, renderer: 'svg' })
    .then(() => {
      // Marks without words say nothing to a screen reader that the plot's own description does not.
      for (const mark of live.querySelectorAll('[role=graphics-symbol]:not([aria-label])')) {
        mark.setAttribute('aria-hidden', 'true');
      }
      script.previousElementSibling.replaceChildren(live);
    })
    .catch((error) => console.error(error));
}
