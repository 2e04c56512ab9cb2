import type { Declared } from '../messages';

/** Names that a cell may go on with, as what they are brought in by. */
interface Offered {
  /** Those whose declarations alone say whether they are values, types or both. */
  readonly whole: readonly string[];
  /** Declarations of the others. */
  readonly stubs: readonly string[];
}

/**
 * @param declared what the cell declares itself
 * @param values the values of earlier cells, and `types` their types
 */
export function offeredBy(
  names: readonly string[],
  declared: readonly Declared[],
  values: ReadonlyMap<string, Declared>,
  types: ReadonlyMap<string, Declared>,
): Offered {
  const own = new Set(declared.map(({ name }) => name));
  const whole: string[] = [];
  const stubs = new Set<string>();
  for (const name of names) {
    const all = [values.get(name), types.get(name)].filter((one) => one !== undefined);
    if (all.some(({ origin }) => origin === 'import' || origin === 'namespace')) whole.push(name);
    else if (!own.has(name)) for (const one of all) stubs.add(stub(one));
  }
  return { whole, stubs: [...stubs] };
}

/** A declaration with a name and a kind and no more. */
function stub({ name, origin }: Declared): string {
  switch (origin) {
    case 'function':
      return `declare function ${name}(...given: any[]): any;`;
    case 'class':
      return `declare class ${name} {}`;
    case 'enum':
      return `declare enum ${name} {}`;
    case 'type':
      return `type ${name} = any;`;
    default:
      return `declare ${origin} ${name}: any;`;
  }
}
