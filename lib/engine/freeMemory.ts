import { InputError } from '../errors';

/** Of the memory that is free, what a single job may take. */
const SHARE = 0.8;

/**
 * @param available bytes that are free, by default what the system says
 * @throws InputError when a job would take more than four fifths of the memory that is free
 */
export function requireMemory(
  what: string,
  bytes: number,
  available = process.availableMemory(),
): void {
  if (bytes <= SHARE * available) return;
  const gigabytes = (n: number) => (n / 1e9).toFixed(1);
  throw new InputError(
    `${what} would take ${gigabytes(bytes)} GB, and ${gigabytes(available)} GB are free; take ` +
      'fewer samples or a narrower network, or close other programs',
  );
}
