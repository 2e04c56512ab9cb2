/** A side of MNIST's images, and of the box that a digit fills in one. */
export const SIDE = 28;
const BOX = 20;
/** Where the centre of mass is, from the left and upper edge: in the middle of MNIST's fifteenth pixel. */
const MIDDLE = 14.5;

/**
 * A drawing as MNIST's makers would have it (LeCun et al. 1998): what is inked is scaled, its
 * proportions kept, to fill a box of 20 × 20, each pixel the mean of what it covers; the whole is
 * moved by whole pixels so that its centre of mass is where MNIST's are.
 *
 * @param ink of a drawing, row-major: 0 is paper, 255 full ink
 * @returns 28 × 28 bytes; all 0 where nothing is drawn
 */
export function centredDigit(ink: Uint8Array, width: number): Uint8Array {
  const image = new Uint8Array(SIDE * SIDE);
  const box = boxOf(ink, width);
  if (box === undefined) return image;
  const scale = BOX / Math.max(box.right - box.left, box.bottom - box.top);
  const across = Math.min(BOX, Math.max(1, Math.round((box.right - box.left) * scale)));
  const down = Math.min(BOX, Math.max(1, Math.round((box.bottom - box.top) * scale)));
  const small = shrunk(ink, width, box, across, down);
  const centre = centreOf(small, across);
  const left = within(Math.round(MIDDLE - centre.x), SIDE - across);
  const top = within(Math.round(MIDDLE - centre.y), SIDE - down);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      image[(top + y) * SIDE + left + x] = Math.round(small[y * across + x]!);
    }
  }
  return image;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const within = (x: number, most: number) => Math.max(0, Math.min(most, x));

/** The smallest box with all ink; none where there is none. */
function boxOf(ink: Uint8Array, width: number): Box | undefined {
  let [left, right, top, bottom] = [width, 0, ink.length, 0];
  ink.forEach((value, i) => {
    if (value === 0) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  });
  return right === 0 ? undefined : { left, right, top, bottom };
}

/** The box in fewer pixels, each the mean over the part of the drawing that it covers. */
function shrunk(ink: Uint8Array, width: number, box: Box, across: number, down: number) {
  const [stepX, stepY] = [(box.right - box.left) / across, (box.bottom - box.top) / down];
  return Float64Array.from({ length: across * down }, (_, i) => {
    const left = box.left + (i % across) * stepX;
    const top = box.top + Math.floor(i / across) * stepY;
    let sum = 0;
    for (let y = Math.floor(top); y < top + stepY; y++) {
      const tall = Math.min(y + 1, top + stepY) - Math.max(y, top);
      for (let x = Math.floor(left); x < left + stepX; x++) {
        const wide = Math.min(x + 1, left + stepX) - Math.max(x, left);
        sum += tall * wide * (ink[y * width + x] ?? 0);
      }
    }
    return sum / (stepX * stepY);
  });
}

/** The centre of mass, counted from the left and upper edge of the first pixel. */
function centreOf(image: Float64Array, width: number): { readonly x: number; readonly y: number } {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    x += value * ((i % width) + 0.5);
    y += value * (Math.floor(i / width) + 0.5);
  });
  return { x: x / mass, y: y / mass };
}
