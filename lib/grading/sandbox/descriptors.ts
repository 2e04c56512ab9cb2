import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** In `fdinfo`, the flag of a descriptor that ends with this program. */
const CLOSED_ON_EXEC = 0o2000000;

/**
 * Descriptors from 3 on for a program that is started here: those given, then nothing in the place
 * of each that it would inherit. Node closes what it was started with itself only up to a gap.
 *
 * @param nothing a descriptor of `/dev/null`
 */
export function descriptorsFor(
  given: readonly number[],
  nothing: number,
): readonly (number | 'ignore')[] {
  const inherited = inheritedDescriptors();
  const highest = Math.max(3 + given.length - 1, ...inherited);
  return Array.from({ length: highest - 2 }, (_, i) => {
    return given[i] ?? (inherited.includes(3 + i) ? nothing : 'ignore');
  });
}

function inheritedDescriptors(): number[] {
  const folder = '/proc/self/fdinfo';
  if (!existsSync(folder)) return []; // macOS
  return readdirSync(folder)
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(`${folder}/${descriptor}`));
}

function isInherited(path: string): boolean {
  try {
    const [, flags = '0'] = /^flags:\s*([0-7]+)/m.exec(readFileSync(path, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
  } catch {
    return false; // It was that of the folder.
  }
}
