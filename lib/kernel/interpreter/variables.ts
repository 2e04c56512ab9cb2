/** What all cells have declared, by name: the properties of one object. */
export type Variables = Record<string, unknown>;

/** Names that cells have begun to declare, by what reading them says until they have a value. */
const unset = new WeakSet<() => unknown>();

/** Has a name give what `read` gives, each time, until a cell declares the name anew. */
export function bindLive(variables: Variables, name: string, read: () => unknown): void {
  Object.defineProperty(variables, name, {
    configurable: true,
    enumerable: true,
    get: read,
    set: (value: unknown) => {
      const plain = { configurable: true, enumerable: true, writable: true, value };
      Object.defineProperty(variables, name, plain);
    },
  });
}

/** Has a constant or class that is new say so where it is read before its declaration. */
export function expect(variables: Variables, name: string): void {
  if (name in variables) return;
  const read = () => {
    throw new ReferenceError(`Cannot access '${name}' before initialization`);
  };
  unset.add(read);
  bindLive(variables, name, read);
}

/** What a name stands for: its value, or how it is read; undefined where it has none. */
export function heldBy(variables: Variables, name: string): { readonly by: unknown } | undefined {
  const property = Object.getOwnPropertyDescriptor(variables, name);
  if (!property) return undefined;
  const { get, value } = property;
  if (get && unset.has(get)) return undefined;
  return { by: get ?? value };
}

/** The names that have a value now, without those whose cell has not come to them. */
export function settled(variables: Variables): Variables {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(variables));
  const held = properties.filter(([name]) => heldBy(variables, name));
  return Object.create(null, Object.fromEntries(held)) as Variables;
}
