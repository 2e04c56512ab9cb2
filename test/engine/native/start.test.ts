import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { builtFile } from '../../../lib/root';

/** A section's number in a WebAssembly module: a function that each instance carries out when made. */
const START = 8;
/** Bytes before the first section. */
const HEADER = 8;

/** The numbers of a module's sections, in their order; each has its length behind it, seven bits a byte. */
function sectionsOf(module: Uint8Array): number[] {
  const sections: number[] = [];
  for (let at = HEADER; at < module.length; ) {
    sections.push(module[at++]!);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return sections;
}

describe("the kernels' own page", () => {
  /*
   * Every thread that starts, or is started again, has its instance write the constants anew, on the
   * memory in which others compute. A table that is first 0 and then filled is wrong for them meanwhile:
   * with one, evaluations beside which instances were made gave NaN.
   */
  it('holds constants alone, which nothing fills when a thread starts', () => {
    const kernels = readFileSync(builtFile('engine/native/kernels.wasm'));
    const sections = sectionsOf(kernels);
    assert.ok(sections.length > 5);
    assert.ok(!sections.includes(START), `sections ${sections}`);
  });
});
