/** The comms that are open, with their targets; known outside of the process that uses them. */
export interface OpenComms {
  /** Takes note of a comm_open or comm_close, whoever sent it. */
  note(type: string, content: Readonly<Record<string, unknown>>): void;
  has(id: unknown): boolean;
  /** All of them, or those of a target, as a comm_info_reply lists them. */
  list(target?: unknown): Readonly<Record<string, { readonly target_name: string }>>;
}

export function newOpenComms(): OpenComms {
  const targets = new Map<string, string>();
  return {
    note(type, { comm_id, target_name }) {
      if (type === 'comm_open') targets.set(String(comm_id), String(target_name));
      else if (type === 'comm_close') targets.delete(String(comm_id));
    },
    has: (id) => targets.has(String(id)),
    list: (target) =>
      Object.fromEntries(
        [...targets]
          .filter(([, name]) => typeof target !== 'string' || target === '' || name === target)
          .map(([id, target_name]) => [id, { target_name }]),
      ),
  };
}
