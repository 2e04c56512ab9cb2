import type { CompilerProcess } from './compilerProcess';
import type { Compiled, Knowledge } from './messages';

/** Compiles cells that wait while another runs, as if each before them came to its end. */
export interface Ahead {
  /** All cells that wait, in their order. */
  foresee(codes: readonly string[]): void;
  /** A cell begins to run, which declares this. */
  began(knowledge: Knowledge): void;
  /** A cell has ended, and has declared this; all that it would, or it failed. */
  ended(knowledge: Knowledge, isWhole: boolean): void;
  /** What a cell was compiled to; undefined where it was not, or in vain. */
  compiled(code: string): Promise<Compiled | undefined>;
  /** Nothing that was declared is there any more. */
  forget(): void;
}

/** A cell that is compiled ahead, or will be. */
interface Link {
  readonly code: string;
  readonly compiled: Promise<Compiled | undefined>;
}

/**
 * How many cells are compiled ahead: enough for the next to be there, and no more, as the cell that
 * runs may want all cores, and most of those that follow one.
 */
const MOST = 4;

/** What depends on a file beside the notebook, which a cell that runs may write, or be itself. */
const OF_FILES = /['"]\.{1,2}\/|@module\b/;

export function isCompiled(answer: object): answer is Compiled {
  return 'program' in answer;
}

async function compile(compiler: CompilerProcess, code: string): Promise<Compiled | undefined> {
  const answer = await compiler.ask({ kind: 'compile', code }).catch(() => undefined);
  return answer && isCompiled(answer) ? answer : undefined;
}

/** @param compiler learns what cells declare from here alone */
export function newAhead(compiler: CompilerProcess): Ahead {
  let waiting: readonly string[] = [];
  let running: Knowledge | undefined;
  let links: Link[] = [];
  /** Of how many cells that have not ended the compiler knows what they declare. */
  let early = 0;

  function extend(): void {
    const own = links;
    while (running && own.length < Math.min(waiting.length, MOST)) {
      const code = waiting[own.length]!;
      if (OF_FILES.test(code)) return;
      const before = own.at(-1)?.compiled.then((cell) => cell?.knowledge);
      const compiled = compileAfter(before ?? Promise.resolve(running), code, own);
      own.push({ code, compiled });
    }
  }

  async function compileAfter(before: Promise<Knowledge | undefined>, code: string, own: Link[]) {
    const knowledge = await before;
    if (knowledge === undefined || own !== links) return undefined;
    compiler.learn(knowledge);
    early++;
    return await compile(compiler, code);
  }

  function drop(): void {
    if (early > 0) compiler.unlearn(early);
    [links, early] = [[], 0];
  }

  return {
    foresee(codes) {
      waiting = codes;
      extend();
    },
    began(knowledge) {
      running = knowledge;
      extend();
    },
    ended(knowledge, isWhole) {
      running = undefined;
      if (!isWhole) drop();
      if (early > 0) early--;
      else compiler.learn(knowledge);
    },
    async compiled(code) {
      const cell = links[0]?.code === code ? await links.shift()!.compiled : undefined;
      // What was against it may have gone with what the cells before it did.
      if (!cell) drop();
      return cell;
    },
    forget() {
      [waiting, running, links, early] = [[], undefined, [], 0];
      compiler.forget();
    },
  };
}
