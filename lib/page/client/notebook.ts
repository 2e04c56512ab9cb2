/** Within a notebook's cell the frame is as high as the page, and the page dark where the notebook is. */
export function followNotebook(): void {
  const frame = window.frameElement as HTMLIFrameElement | null;
  if (frame === null) return;
  const fit = () => {
    frame.style.height = `${document.documentElement.offsetHeight + 4}px`;
  };
  new ResizeObserver(fit).observe(document.body);
  fit();
  const { body } = frame.ownerDocument;
  const matchTheme = () => {
    // JupyterLab's word for its theme, in its pages and in those that it exports.
    const isLight = body.dataset.jpThemeLight;
    if (isLight === undefined) return;
    document.documentElement.style.colorScheme = isLight === 'false' ? 'dark' : 'light';
  };
  new MutationObserver(matchTheme).observe(body, { attributeFilter: ['data-jp-theme-light'] });
  matchTheme();
}
