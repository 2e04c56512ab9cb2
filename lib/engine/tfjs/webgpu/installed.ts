import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../root';

/** Where `npm run gpu` puts everything it makes. */
export const gpuFolder = join(projectRoot, '.gpu');
/** Written last, so that a set-up which was cut off is never taken for a whole one. */
export const gpuStamp = join(gpuFolder, 'complete.json');

/** What `npm run gpu` has found, and measured. */
export interface Calibration {
  /** What computes, as its driver names it; none where there is nothing. */
  readonly adapter?: Adapter;
  /** Milliseconds for a training step of a small VGG, by the names of tfjs' backends. */
  readonly stepMs: Readonly<Record<string, number>>;
}

/** What carries out WebGPU's shaders. */
export interface Adapter {
  readonly name: string;
  /** It computes on the processor's own cores: no GPU. */
  readonly isSoftware: boolean;
}

/** What `npm run gpu` has set up and measured; undefined if it has not. */
export function installedGpu(): Calibration | undefined {
  if (!existsSync(gpuStamp)) return undefined;
  return JSON.parse(readFileSync(gpuStamp, 'utf8')) as Calibration;
}

/** Whether the GPU is the faster one: it is one, and was measured beside the other. */
export function gpuIsFaster({ adapter, stepMs }: Calibration, other: string): boolean {
  const [ours, theirs] = [stepMs.webgpu, stepMs[other]];
  if (!adapter || adapter.isSoftware) return false;
  return ours !== undefined && theirs !== undefined && ours < theirs;
}
