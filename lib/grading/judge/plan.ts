import { join } from 'node:path';
import { projectRoot } from '../../root';
import type { Criterion } from '../evidence/criteria';
import { readMessage } from '../sandbox/messages';
import { GIVEN, type Occasion, type Step } from '../sandbox/runner/protocol';
import { declarationsOf } from '../submitted/checkCells';
import type { CodeCell } from './cells';
import { seedOf } from './seedOf';

const COLLECTOR = join(projectRoot, 'lib', 'dist', 'grading', 'evidence', 'collect.js');
/** By its path: a module of the student's may have its name. */
const LIBRARY = join(projectRoot, 'lib', 'dist', 'index.js');

/**
 * What is carried out: the student's cells with a criterion's evidence in the place of its check;
 * then all evidence again, as the notebook has left it; then that of answers that build on earlier
 * ones, with those given.
 *
 * @param checks the code of the workbook's checks, by their criteria
 */
export function stepsOf(
  cells: readonly CodeCell[],
  asked: readonly Criterion[],
  checks: Readonly<Record<string, string>>,
): Step[] {
  const evidence = ({ id }: Criterion, occasion: Occasion): Step => {
    return { kind: 'evidence', id, occasion };
  };
  const given = (code: string): Step => ({ kind: 'given', code });
  const fromLibrary = (name: string) =>
    given(`const ${name} = require(${JSON.stringify(LIBRARY)}).${name};`);
  const inPlace = cells.flatMap(({ id, code, task, name, check }): Step[] => {
    const criterion = asked.find((one) => one.id === (check ?? name));
    const declared = check === undefined ? '' : declarationsOf(checks[check]!);
    return [
      ...(check === undefined ? [{ kind: 'cell', id, code, task } as const] : []),
      ...(declared === '' ? [] : [given(declared)]),
      ...(criterion ? [evidence(criterion, 'in place')] : []),
    ];
  });
  const building = asked.filter(({ buildsOn }) => buildsOn !== undefined);
  return [
    ...inPlace,
    { kind: 'again' },
    ...asked.map((criterion) => evidence(criterion, 'at the end')),
    ...building.flatMap((criterion): Step[] => [
      fromLibrary(criterion.buildsOn!),
      { kind: 'again' },
      evidence(criterion, GIVEN),
    ]),
  ];
}

/** The code of a piece of evidence, when a line asks for it: whoever may have written the line. */
export function codeAskedFor(
  line: string,
  asked: readonly Criterion[],
  seed: number,
): string | undefined {
  const [message] = line.startsWith('{') && line.length < 1000 ? readMessage(line) : [];
  if (message?.kind !== 'ask') return undefined;
  const criterion = asked.find(({ id }) => id === message.id);
  return JSON.stringify(
    criterion ? evidenceCell(criterion, COLLECTOR, seedOf(seed, criterion.id)) : '',
  );
}

/**
 * The cell that collects the evidence of a criterion in the student's kernel. It is the judge's,
 * and is carried out on each occasion of `OCCASIONS`. A function that the compiler does not know
 * takes no other with it: it is found missing when it is asked for.
 *
 * @param collector the path of `evidence/collect`, compiled
 */
export function evidenceCell(
  { id, claims, functions, tries = [] }: Criterion,
  collector: string,
  seed: number,
): string {
  const data = Object.entries(claims).map(([name, expression]) => `${name}: ${expression}`);
  const called = [...functions, ...tries].map(
    (name) => `${name}: (() => { try {\n// @ts-ignore\nreturn ${name};\n} catch {} })()`,
  );
  return (
    `await require(${JSON.stringify(collector)}).collect('${id}', { ${data.join(', ')} }, ` +
    `{ ${called.join(', ')} }, ${seed});`
  );
}
