import { findingText, SIGNS } from '../../checks/check';
import type { Cell, Notebook } from '../../ipynb';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { type Marks, markOf, totalOf } from '../marks/marks';
import { type Overridden, overridden } from '../marks/override';
import { criterionName } from './criterionName';

const METADATA = {
  kernelspec: { display_name: 'TypeScript (tslab)', language: 'typescript', name: 'tslab' },
};

/**
 * What a student's page says, as a notebook of text alone: Canvas shows feedback under the name of the
 * file that was handed in, so a notebook comes back as one. Formulas are drawn by JupyterLab itself.
 */
export function feedbackNotebook(judged: Grade, marks: Marks, tasks: Tasks): Notebook {
  const grade = overridden(judged, marks);
  const { student, earned, most, verdicts, written, notebooks, notes = [] } = grade;
  const { words, total, most: all, unread } = totalOf(grade, marks);
  const toRead = unread > 0 ? `; ${unread} not read yet` : '';
  const troubles = notebooks.flatMap(({ file, unreadable, stopped }) =>
    [unreadable, stopped].flatMap((why) => (why === undefined ? [] : `${file}: ${why}`)),
  );
  const head = [
    `# ${literal(student)}: ${total} of ${all} points`,
    `${earned} of ${most} by the checks, ${words} for answers in words${toRead}.`,
    ...[...notes, ...troubles].map(literal),
  ];
  const answers = written.flatMap((answer) => {
    const { points, comment = '' } = markOf(marks, student, answer) ?? {};
    const given = points ?? (answer.text === '' ? 0 : undefined);
    const told = given === undefined ? 'not read yet' : `${given} of ${answer.points} points`;
    const said = comment === '' ? [] : [comment.split('\n').map(literal).join('  \n')];
    const heading = `## Task ${answer.task}, in words: ${told}`;
    return [[heading, ...said].join('\n\n'), answer.text === '' ? '*No answer.*' : answer.text];
  });
  const checks = ['## What the checks found', ...verdicts.map((one) => criterion(one, tasks))];
  const texts = [head.join('\n\n'), checks.join('\n\n'), ...answers];
  return { cells: texts.map(textCell), metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
}

function textCell(source: string, place: number): Cell {
  return { cell_type: 'markdown', id: `feedback-${place}`, metadata: {}, source };
}

function criterion(verdict: Overridden, tasks: Tasks): string {
  const { earned, points, reason, note, findings, override } = verdict;
  const given = override
    ? [`By a person, ${override.judged} by the check: ${override.reason}`]
    : [];
  const why = reason === undefined ? [] : [`not judged: ${reason}`];
  const found = findings.map((finding) => `${SIGNS[finding.verdict]} ${findingText(finding)}`);
  const lines = [...given, ...why, ...(note === undefined ? [] : [note]), ...found];
  const heading = `**${literal(criterionName(verdict, tasks))}: ${earned} of ${points} points**`;
  return [heading, ...lines.map(literal)].join('  \n');
}

/** Text that Markdown takes as it stands, formulas and tags included. */
function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|$~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
