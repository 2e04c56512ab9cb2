import { createHash } from 'node:crypto';
import type { Criterion } from '../evidence/criteria';
import { pack } from '../evidence/pack';
import type { Occasion } from '../sandbox/runner/protocol';

/** Digests of what each criterion asked of a notebook, by criterion and occasion. */
export type Asked = Readonly<Record<string, string>>;

/**
 * What the criteria ask: evidence answers these questions and no others. A criterion that is changed
 * may judge the answers otherwise; if it asks for other things, the notebook has to be carried out anew.
 */
export interface Questions {
  /** A criterion takes what it takes from the notebook. */
  asks(criterion: Criterion): void;
  /** Where the arguments of each call go, on one occasion. */
  on(id: string, occasion: Occasion): { heard(args: readonly unknown[]): void; end(): void };
  /** All that was asked. */
  readonly asked: Asked;
  /** The criteria that asked for something else than was kept, if something was. */
  readonly others: ReadonlySet<string>;
}

/** @param kept what was asked when the notebook was carried out, to compare with */
export function questionsOf(kept?: Asked): Questions {
  const asked: Record<string, string> = {};
  const others = new Set<string>();
  const note = (id: string, key: string, digest: string, isNeeded: boolean) => {
    asked[key] = digest;
    // An occasion that was not looked at then is as its criterion's others are.
    const before = kept?.[key] ?? (isNeeded ? '' : digest);
    if (kept !== undefined && before !== digest) others.add(id);
  };
  return {
    asks({ id, claims, functions, tries = [], buildsOn = '' }) {
      note(id, id, digestOf(JSON.stringify([claims, functions, tries, buildsOn])), true);
    },
    on(id, occasion) {
      const hash = createHash('sha256');
      return {
        heard: (args) => void hash.update(textOf(args)),
        end: () => note(id, `${id} ${occasion}`, hash.digest('hex').slice(0, 16), false),
      };
    },
    asked,
    others,
  };
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Of the same arguments the same, whatever they are. */
function textOf(args: readonly unknown[]): string {
  try {
    return pack(args);
  } catch {
    return 'something else';
  }
}
