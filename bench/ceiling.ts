import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../lib/command';
import { projectRoot } from '../lib/root';

/**
 * What a thread's vectors of 128 bits reach at the most, in GFLOP/s, a multiplication and an addition
 * being two: with all numbers in registers; with four of them read for each four multiplications, as a
 * product reads the weights of a number that is not 0; read and written back, as its gradient does.
 *
 *     npx tsx bench/ceiling.ts
 */

/** All of it stays in the nearest cache; whole rounds of all three loops. */
const BYTES = 3840;
const AT = 1024;
const TIMES = 50_000;
const FLOPS_OF_A_VECTOR = 8;

const names = (n: number) => Array.from({ length: n }, (_, i) => `x${i}`);
const sum = (of: readonly string[]) => of.reduce((all, x) => `f32x4.add(${all}, ${x})`);

/** Twelve chains, each of which waits for its own last step: with fewer the processor waits. */
const CHAINS = names(12);
/** Sums of so many vectors, with those that are read, fit the sixteen registers. */
const SUMS = names(4);

const SOURCE = `
  export function registers(p: usize, times: u32): f32 {
    const a = v128.load(p), b = v128.load(p, 16);
    ${CHAINS.map((x, i) => `let ${x} = v128.load(p, ${16 * i});`).join('\n')}
    for (let t: u32 = 0; t < times; t++)
      for (let i: u32 = 0; i < ${BYTES}; i += ${16 * CHAINS.length}) {
        ${CHAINS.map((x) => `${x} = f32x4.add(f32x4.mul(${x}, a), b);`).join('\n')}
      }
    return f32x4.extract_lane(${sum(CHAINS)}, 0);
  }
  export function read(p: usize, times: u32): f32 {
    const zero = f32x4.splat(0);
    let ${SUMS.map((x) => `${x} = zero`).join(', ')};
    for (let t: u32 = 0; t < times; t++) {
      const a = v128.load32_splat(p + (t & 1023));
      for (let q = p; q < p + ${BYTES}; q += 128) {
        ${[0, 64].map((by) => SUMS.map((x, i) => `${x} = f32x4.add(${x}, f32x4.mul(a, v128.load(q, ${by + 16 * i})));`).join('\n')).join('\n')}
      }
    }
    return f32x4.extract_lane(${sum(SUMS)}, 0);
  }
  export function readAndWrite(p: usize, times: u32): f32 {
    const b = v128.load(p);
    for (let t: u32 = 0; t < times; t++) {
      const a = v128.load32_splat(p + (t & 1023));
      for (let q = p; q < p + ${BYTES}; q += 128) {
        ${Array.from({ length: 8 }, (_, i) => `v128.store(q, f32x4.add(v128.load(q, ${16 * i}), f32x4.mul(a, b)), ${16 * i});`).join('\n')}
      }
    }
    return load<f32>(p);
  }
`;

type Loop = (address: number, times: number) => number;

function compiled(): Readonly<Record<string, Loop>> {
  const folder = mkdtempSync(join(tmpdir(), 'ceiling-'));
  try {
    const [source, kernels] = [join(folder, 'loops.ts'), join(folder, 'loops.wasm')];
    writeFileSync(source, SOURCE);
    const asc = join(projectRoot, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
    const flags = [
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '--noAssert',
      '--initialMemory',
      '1',
      '-O3',
      '-o',
      kernels,
    ];
    const { status, stderr } = spawnSync(process.execPath, [asc, source, ...flags]);
    if (status !== 0) throw new Error(String(stderr));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(kernels)), {});
    return exports as Record<string, Loop>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

runCommand(async () => {
  for (const [name, loop] of Object.entries(compiled())) {
    if (typeof loop !== 'function') continue;
    const rates = Array.from({ length: 9 }, () => {
      const begun = performance.now();
      loop(AT, TIMES);
      const vectors = (TIMES * BYTES) / 16;
      return (FLOPS_OF_A_VECTOR * vectors) / (performance.now() - begun) / 1e6;
    });
    console.log(`${name}: ${Math.max(...rates).toFixed(1)} GFLOP/s a thread`);
  }
  return 0;
});
