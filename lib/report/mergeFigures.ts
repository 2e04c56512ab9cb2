/**
 * Joins what the notebooks say of themselves into one object: objects are merged key by key, and
 * the same value may be said twice.
 *
 * @throws Error when two notebooks say different things under one name
 */
export function mergeFigures(parts: readonly Record<string, unknown>[]): Record<string, unknown> {
  return parts.reduce((merged, part) => merge(merged, part, ''), {});
}

function merge(a: Record<string, unknown>, b: Record<string, unknown>, path: string) {
  const merged = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const there = merged[name];
    if (there === undefined) merged[name] = value;
    else if (isObject(there) && isObject(value))
      merged[name] = merge(there, value, `${path}${name}.`);
    else if (JSON.stringify(there) !== JSON.stringify(value)) {
      throw new Error(`two notebooks give different figures for ${path}${name}`);
    }
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
