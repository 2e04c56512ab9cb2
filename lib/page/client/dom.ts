/** An element of the page by its id. */
export function element<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as unknown as T;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An element of SVG, in another. */
export function draw<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  kind: K,
  attributes: Readonly<Record<string, string | number>> = {},
  text = '',
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, kind);
  set(made, attributes);
  made.textContent = text;
  parent.append(made);
  return made;
}

export function set(target: Element, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, String(value));
}

/** The context to draw on a canvas. */
export function drawingOn(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser draws on no canvas');
  return context;
}

/** Puts an image's bytes on a canvas of its size: ink in the page's colour. */
export function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const context = drawingOn(canvas);
  const picture = context.createImageData(canvas.width, canvas.height);
  const [paper, ink] = isDark() ? [20, 240] : [255, 20];
  picture.data.fill(255);
  for (let i = 0; i < pixels.length; i++) {
    const grey = paper + ((ink - paper) * pixels[i]!) / 255;
    for (let channel = 0; channel < 3; channel++) picture.data[4 * i + channel] = grey;
  }
  context.putImageData(picture, 0, 0);
}

/** Whether the page is dark: as the notebook around it, else as its reader has it. */
export function isDark(): boolean {
  const { colorScheme } = document.documentElement.style;
  if (colorScheme !== '') return colorScheme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
