/** Cells whose outputs are kept. */
const KEPT = 20;

type Content = Readonly<Record<string, unknown>>;

/** One output of a cell, as it stands: with its updates, its text in one piece. */
export interface Shown {
  readonly type: string;
  readonly content: Content;
}

/** What the last cells have shown, for a page that was closed while they ran. */
export interface Records {
  /** Takes note of a message that a cell, by its number, has published. */
  note(line: number, type: string, content: Content): void;
  /** The numbers of the cells that have something to show, the latest last. */
  lines(): readonly number[];
  of(line: number): readonly Shown[];
}

export function newRecords(): Records {
  const cells = new Map<number, Shown[]>();

  /** The list of a cell, which is now the latest. */
  const listOf = (line: number): Shown[] => {
    const list = cells.get(line) ?? [];
    cells.set(line, list);
    for (const oldest of [...cells.keys()].slice(0, -KEPT)) cells.delete(oldest);
    return list;
  };

  const update = (id: unknown, { data, metadata }: Content) => {
    for (const list of cells.values()) {
      for (const [i, { type, content }] of list.entries()) {
        if (displayId(content) === id) list[i] = { type, content: { ...content, data, metadata } };
      }
    }
  };

  return {
    note(line, type, content) {
      if (type === 'update_display_data') return update(displayId(content), content);
      if (type === 'clear_output') return void listOf(line).splice(0);
      if (!['stream', 'display_data', 'execute_result', 'error'].includes(type)) return;
      const list = listOf(line);
      const last = list.at(-1);
      if (type === 'stream' && last?.type === type && last.content.name === content.name) {
        const text = `${last.content.text}${content.text}`;
        list[list.length - 1] = { type, content: { ...content, text } };
      } else {
        list.push({ type, content });
      }
    },
    lines: () => [...cells].filter(([, list]) => list.length > 0).map(([line]) => line),
    of: (line) => cells.get(line) ?? [],
  };
}

function displayId({ transient }: Content): unknown {
  return (transient as { display_id?: unknown } | undefined)?.display_id;
}
