/** A text of TypeScript's about types, without the namespaces that earlier cells' are in. */
export function plainNames(text: string): string {
  return text
    .replaceAll(/\bimport\("[^"]*\/__cell(_\d+)?__"\)\./g, '')
    .replaceAll(/\b(__cell_\d+__|__packages__\.m\d+|__earlier__|__before__)\./g, '');
}

/** The namespaces of cells, and what TypeScript has in one of them. */
const OF_CELL = /\b__cell_\d+__\.(\w+)/g;

/**
 * The same for a complaint; where it speaks of two types of one name, says how there came to be two:
 * what a cell made before a class was declared again is of the older one.
 */
export function withAgain(text: string): string {
  const spaces = new Map<string, string>();
  for (const [whole, name = ''] of text.matchAll(OF_CELL)) {
    const other = spaces.get(name);
    if (other !== undefined && other !== whole) {
      return `${plainNames(text)}\n'${name}' was declared again since, and what was made before is of the older '${name}': make it again.`;
    }
    spaces.set(name, whole);
  }
  return plainNames(text);
}
