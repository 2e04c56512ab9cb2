import { carryOutAll, type Judge } from './carryOut';
import { endGroupWithParent } from './endGroupWithParent';
import { BEGUN, linesOf, type Plan, type Step } from './protocol';

/**
 * Runs in the sandbox: carries out the steps of a plan, cells of a notebook and of the judge, in a
 * kernel, and tells on standard output what became of each, a JSON object a line. Nothing that it
 * says is trusted.
 *
 * The plan is the first line on standard input; then comes what it asks for.
 */

/** A kernel that has been ended is started again this often, without the cell that ended it. */
const MOST_RESTARTS = 5;

const input = linesOf(process.stdin.setEncoding('utf8'));
const nextLine = async () => (await input.next()).value as string;

const judge: Judge = {
  tell: (message) => void process.stdout.write(`${JSON.stringify(message)}\n`),
  async ask({ id, occasion }) {
    judge.tell({ kind: 'ask', id, occasion });
    return JSON.parse(await nextLine()) as string;
  },
};

async function main(): Promise<void> {
  process.stdout.write(`${BEGUN}\n`);
  // Bubblewrap sees to this itself; without it, nothing else would.
  endGroupWithParent();
  const plan = JSON.parse(await nextLine()) as Plan;
  const deadly = new Set<Step>();
  const told = new Set<Step>();
  for (let start = 0; start <= MOST_RESTARTS; start++) {
    const fatal = await carryOutAll(plan, judge, deadly, told);
    if (fatal === undefined) return;
    deadly.add(fatal);
    // It would do so again on the next occasion.
    for (const step of plan.steps) {
      if (step.kind === 'evidence' && fatal.kind === 'evidence' && step.id === fatal.id) {
        deadly.add(step);
      }
    }
  }
  const error = 'the notebook ended its kernel too often, and is not run again';
  for (const step of plan.steps) {
    if (step.kind === 'evidence' && !told.has(step)) judge.tell({ ...step, error });
  }
}

main().then(
  // Once all has been read: a busy grader may take its time.
  () => process.stdout.write('\n', () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
