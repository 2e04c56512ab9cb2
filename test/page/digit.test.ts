import assert from 'node:assert/strict';
import { loadMnist } from '../../lib/data';
import { centredDigit, SIDE } from '../../lib/page/digit';

/**
 * A drawing as MNIST has it. The right values are MNIST's own images: drawn ten times as large, and
 * anywhere on the pad, each must come back as it is.
 */
describe('a digit that is drawn', () => {
  const ZOOM = 10;
  const PAD = 320;

  /** The image, each pixel a square of the pad, moved from the upper left corner. */
  function drawn(image: ArrayLike<number>, right: number, down: number): Uint8Array {
    const pad = new Uint8Array(PAD * PAD);
    for (let y = 0; y < SIDE * ZOOM; y++) {
      for (let x = 0; x < SIDE * ZOOM; x++) {
        const value = image[Math.floor(y / ZOOM) * SIDE + Math.floor(x / ZOOM)]!;
        pad[(y + down) * PAD + x + right] = value;
      }
    }
    return pad;
  }

  it('is scaled and centred as MNIST does, to the byte, wherever it is drawn', async () => {
    const { test } = await loadMnist();
    for (let i = 0; i < 100; i++) {
      const image = test.images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
      const got = centredDigit(drawn(image, i % 40, (7 * i) % 40), PAD);
      assert.deepEqual(got, Uint8Array.from(image), `image ${i}`);
    }
  });

  it('is nothing where nothing is drawn, and a dot fills the box', () => {
    assert.deepEqual(centredDigit(new Uint8Array(PAD * PAD), PAD), new Uint8Array(SIDE * SIDE));
    const dot = new Uint8Array(PAD * PAD);
    dot[5 * PAD + 300] = 255;
    const inked = centredDigit(dot, PAD).filter((value) => value > 0);
    assert.deepEqual([inked.length, Math.min(...inked)], [20 * 20, 255]);
  });
});
