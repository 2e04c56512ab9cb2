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
  /**
   * What a cell was compiled to; undefined where it was not, or did not compile: what was against it
   * may have gone.
   */
  compiled(code: string): Promise<Compiled | undefined>;
  /** A person stops the cell that runs: what takes long to compile is given up with it. */
  interrupt(): void;
  /** Nothing that was declared is there any more. */
  forget(): void;
}

/** A cell that is compiled ahead, or will be. */
interface Link {
  readonly code: string;
  readonly compiled: Promise<Compiled | undefined>;
}

/**
 * How many cells are compiled ahead: while one runs long, enough of the short ones behind it, which
 * otherwise wait for the compiler; and no more, as what was learned ahead is taken back where a cell fails.
 */
const MOST = 12;

/** What may bring in a file beside the notebook, which a cell that runs may write, or be itself. */
const OF_FILES =
  /['"`]\.{1,2}(?:\/|['"`])|\b(?:from|import|require)\s*\(?\s*['"`]\/|@module\b|<reference\b/;

/** After so long, in milliseconds, a cell counts as one that takes long to compile. */
const LONG_MS = 1000;

export function isCompiled(answer: object): answer is Compiled {
  return 'program' in answer;
}

/** Has cells compiled one after the other. One that takes long can be given up. */
function newCompiling(compiler: CompilerProcess) {
  let since: number | undefined;
  return {
    async compile(code: string): Promise<Compiled | undefined> {
      since = performance.now();
      const answer = await compiler.ask({ kind: 'compile', code }).catch(() => undefined);
      since = undefined;
      return answer && isCompiled(answer) ? answer : undefined;
    },
    interrupt() {
      if (since !== undefined && performance.now() - since > LONG_MS) compiler.interrupt();
    },
  };
}

/** @param compiler learns what cells declare from here alone */
export function newAhead(compiler: CompilerProcess): Ahead {
  let waiting: readonly string[] = [];
  let running: Knowledge | undefined;
  let links: Link[] = [];
  /** Of how many cells that have not ended the compiler knows what they declare. */
  let early = 0;
  /** Whether there are such files: what is compiled ahead could be out of date at its turn. */
  let hasFiles = false;
  const isOfFiles = (code: string) => (hasFiles ||= OF_FILES.test(code));
  const { compile, interrupt } = newCompiling(compiler);

  function extend(): void {
    const own = links;
    while (running && own.length < Math.min(waiting.length, MOST)) {
      const code = waiting[own.length]!;
      if (isOfFiles(code)) return;
      const before = own.at(-1)?.compiled.then((cell) => cell?.knowledge);
      const compiled = (before ?? Promise.resolve(running)).then((knowledge) => {
        if (knowledge === undefined || own !== links) return undefined;
        compiler.learn(knowledge);
        early++;
        return compile(code);
      });
      own.push({ code, compiled });
    }
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
      isOfFiles(code);
      const cell = links[0]?.code === code ? await links.shift()!.compiled : undefined;
      if (!cell) drop();
      return cell;
    },
    interrupt,
    forget() {
      [waiting, running, links, early, hasFiles] = [[], undefined, [], 0, false];
      compiler.forget();
    },
  };
}
