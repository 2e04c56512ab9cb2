import { type Ahead, isCompiled, newAhead } from './ahead';
import { type CompilerProcess, startCompiler } from './compilerProcess';
import { describeComplaints } from './complaints';
import { red } from './excerpt';
import { interruption } from './interpreter/stop';
import { type Listener, startInterpreter } from './interpreterProcess';
import { mentions } from './mentions';
import type {
  Answer,
  CommOrder,
  Compiled,
  Failure,
  Knowledge,
  Outcome,
  Question,
  Refused,
  Task,
} from './messages';
import type { Setup } from './setup';

/** A cell as a front end sends it. */
export type Cell = Omit<Extract<Task, { kind: 'execute' }>, 'kind' | 'program'> & {
  /** What to evaluate after it, by name. */
  readonly expressions: Readonly<Record<string, string>>;
};

/** The two processes that carry out cells: one compiles them, the other runs them. */
export interface Processes {
  /** How the process that runs cells has ended; undefined while it lives. */
  death(): string | undefined;
  /** Compiles a cell and runs it. @throws Error when the process that runs it ends first */
  execute(id: number, cell: Cell): Promise<Outcome>;
  /** Has the cells that wait compiled while another runs. */
  foresee(codes: readonly string[]): void;
  /** Answers what an editor asks, also while a cell runs. */
  ask(question: Exclude<Question, { kind: 'compile' }>): Promise<Answer>;
  /** A person's editor is there, which will ask. */
  expectQuestions(): void;
  /** Interrupts the cell with that id, whatever older ones left running, and their programs. */
  interrupt(id: number): void;
  input(id: number, text: string): void;
  /** Passes a comm's message on; settles when it was dealt with. */
  pass(order: CommOrder): Promise<void>;
  /** Ends the process that runs cells, whatever it is doing, and the programs that they started. */
  kill(): Promise<void>;
  /** Begins anew, with no variables. */
  restart(): Promise<void>;
  /** Ends both, whatever they are doing, and the programs that cells have started. */
  close(): Promise<void>;
}

/** Starts both; cells may be given at once. */
export function startProcesses(listener: Listener, setup: Setup): Processes {
  const packages = setup.packages ?? [];
  const compiler = startCompiler(packages);
  const ahead = newAhead(compiler);
  const { compile, interruptCompiling } = newCompiling(compiler, ahead.compiled);
  let interpreter = startInterpreter(listener, setup);
  let isClosed = false;

  async function evaluate(id: number, code: string): Promise<Answer> {
    const compiled = await compile(id, code, 'expression');
    if (!isCompiled(compiled)) return { status: 'error', ...compiled };
    const { program, knowledge } = compiled;
    const { content, kept } = await interpreter.perform(id, { kind: 'evaluate', code, program });
    ahead.ended(known(knowledge, kept), content.status === 'ok');
    return content;
  }

  return {
    death: () => interpreter.death(),
    async execute(id, { expressions, ...cell }) {
      const wanted = packages.filter((name) => mentions(cell.code, name));
      if (wanted.length > 0) interpreter.preload(wanted);
      const compiled = await compile(id, cell.code, cell.label);
      if (!isCompiled(compiled)) {
        if (!cell.silent) listener.publish(id, 'error', compiled);
        return { content: { status: 'error', ...compiled } };
      }
      const { program, knowledge } = compiled;
      // What is evaluated after it comes before the next cell.
      if (Object.keys(expressions).length === 0) ahead.began(knowledge);
      const outcome = await interpreter.perform(id, { kind: 'execute', ...cell, program });
      ahead.ended(known(knowledge, outcome.kept), outcome.content.status === 'ok');
      if (outcome.content.status !== 'ok') return outcome;
      const user_expressions = await answersTo(expressions, (code) => evaluate(id, code));
      return { ...outcome, content: { ...outcome.content, user_expressions } };
    },
    foresee: ahead.foresee,
    ask: async (question) => (await compiler.ask(question)) as Answer,
    expectQuestions: () => compiler.expectQuestions(),
    interrupt(id) {
      const wasCompiling = interruptCompiling(id);
      if (!wasCompiling) ahead.interrupt();
      interpreter.interrupt(wasCompiling ? 0 : id);
    },
    input: (id, text) => interpreter.input(id, text),
    pass: (order) => interpreter.pass(order),
    kill: () => interpreter.close(),
    async restart() {
      if (isClosed) return;
      ahead.forget();
      await interpreter.close();
      interpreter = startInterpreter(listener, setup);
    },
    async close() {
      isClosed = true;
      compiler.close();
      await interpreter.close();
    },
  };
}

/** What each of some expressions comes to, one after the other. */
async function answersTo(
  expressions: Cell['expressions'],
  evaluate: (code: string) => Promise<Answer>,
): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {};
  for (const [name, code] of Object.entries(expressions)) {
    answers[name] = await evaluate(String(code));
  }
  return answers;
}

/** Compiles one cell at a time, which can be interrupted, unless it was compiled ahead. */
function newCompiling(compiler: CompilerProcess, compiledAhead: Ahead['compiled']) {
  /** The cell that is being compiled; 0 for none. */
  let compiling = 0;
  return {
    /** The cell as JavaScript, or why there is none. */
    async compile(id: number, code: string, label: string): Promise<Compiled | Failure> {
      compiling = id;
      const isInterrupted = () => compiling !== id;
      const known = await compiledAhead(code);
      if (isInterrupted()) return failureOf(interruption());
      const answer = known ?? (await compiler.ask({ kind: 'compile', code }).catch(failureOf));
      if (isInterrupted()) return failureOf(interruption());
      compiling = 0;
      if (isRefused(answer)) return describeComplaints(answer.complaints, label, code);
      return answer as Compiled | Failure;
    },
    /** Gives up the cell with that id; says whether it was being compiled. */
    interruptCompiling(id: number): boolean {
      if (id === 0 || id !== compiling) return false;
      compiling = 0;
      compiler.interrupt();
      return true;
    },
  };
}

/** The types that a cell declares, and of its values those that it came to. */
export function known({ declared, ...rest }: Knowledge, kept: readonly string[] = []): Knowledge {
  const there = new Set(kept);
  const of = declared.filter(({ name, origin }) => origin === 'type' || there.has(name));
  return { declared: of, ...rest };
}

function isRefused(answer: object): answer is Refused {
  return 'complaints' in answer;
}

function failureOf({ name, message }: Error): Failure {
  return { ename: name, evalue: message, traceback: [`${red(name)}: ${message}`] };
}
