import { InputError } from '../errors';

/** Throws `InputError` unless `value` is a finite number of at least 0. */
export function requireNonNegative(where: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new InputError(`${where}: ${name} must be a finite number of at least 0, got ${value}`);
  }
}

/** Throws `InputError` unless 0 ≤ value < 1. */
export function requireFraction(where: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) {
    throw new InputError(`${where}: ${name} must be at least 0 and less than 1, got ${value}`);
  }
}

/** Throws `InputError` unless `value` is a finite number above 0. */
export function requirePositive(where: string, name: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new InputError(`${where}: ${name} must be a finite number above 0, got ${value}`);
  }
}

/** A rule's name with those options that differ from nothing: `SGD(momentum=0.9, nesterov)`. */
export function ruleName(rule: string, options: Record<string, number | boolean>): string {
  const told = Object.entries(options)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return told.length === 0 ? rule : `${rule}(${told.join(', ')})`;
}

/** PyTorch's names of options, and theirs here. */
export const TORCH_NAMES = {
  lr: 'learningRate',
  weight_decay: 'weightDecay',
  betas: 'beta1 and beta2',
  eps: 'epsilon',
};
