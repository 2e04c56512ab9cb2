import { type Cell, cellText, type Notebook } from '../../ipynb';

/** Characters of code of a notebook that are looked through: an honest one has a tenth of it. */
const MOST_CODE = 200e3;

/** What in the library does what an answer should, by the answer's cell. */
const ANSWERED_BY_LIBRARY: Readonly<Record<string, RegExp>> = {
  'task-1-2-interpolate': /\bline\s*\(/,
  'task-2-1-function': /\bchain\s*\(/,
  'task-2-2-gradient': /\b(bendGradient|fitBend)\b/,
  'task-2-3-basis': /\borthogonalBasis\b/,
};

/** Functions that students write, and the library has under the same name. */
const SAME_NAME = /\b(interpolateBetweenStateDicts|getStateDictFromChain|bendGradient)\b/;

const LIBRARY = new Set<string | undefined>(['pathlab', 'pathlab/lab']);
/** Before the library's name: an import of some things; the library as a value, to take from further down. */
const [IMPORT, SOME] = [/\bimport\b(?!\s+type\b)/, /\bfrom\s*$/];
const WHOLE = /\b(?:require|import)\s*\(\s*$|\*\s*as\b/;

/** A module whose name is put together, or code that is. */
const HIDDEN =
  /\b(?:require|import)\s*\((?!\s*(['"])[^'"]*\1\s*\))|\beval\s*\(|\bnew\s+Function\b|\brequire\s*\.\s*cache\b/;

const STRING = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?/;
/** A regular expression: a slash where no value stands that could be divided. */
const PATTERN =
  /\/(?<=(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|else|do|of|in|throw|await|yield))\s*\/)(?<!(?:\+\+|--)\s*\/)(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\]?)+\/?/;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/;
/** What holds text, in which no comment begins, or a comment; to the end of the line or the text where it is not closed. */
const TEXT_OR_COMMENT = RegExp(`(${STRING.source}|${PATTERN.source})|${COMMENT.source}`, 'g');

/**
 * What a person should look at before trusting the points: an answer that hands its task on to the
 * library is right, and no answer. Nothing is taken off for it. It takes time in proportion to the code.
 */
export function remarks({ cells }: Notebook): string[] {
  const told: string[] = [];
  let left = MOST_CODE;
  for (const cell of cells.filter(({ cell_type }) => cell_type === 'code')) {
    const code = cellText(cell);
    left -= code.length;
    if (left < 0)
      return [...told, `${cell.id} comes after 200 kB of code, and nobody looked at it`];
    told.push(...remarksOn(cell, withoutComments(code)));
  }
  return told;
}

function remarksOn({ id, metadata }: Cell, code: string): string[] {
  const name = String(metadata.nbgrader?.grade_id ?? id);
  const pattern = Object.hasOwn(ANSWERED_BY_LIBRARY, name) ? ANSWERED_BY_LIBRARY[name] : undefined;
  const used = pattern?.exec(code)?.[0].replace(/\W+$/, '');
  const taken = takenFrom(code);
  return [
    ...(used ? [`${id} calls the library's ${used}`] : []),
    ...(taken ? [`${id} takes ${taken} from the library`] : []),
    ...(HIDDEN.test(code) ? [`${id} hides what it takes from where`] : []),
  ];
}

/** What is never closed is none: a regular expression behind a bracket may look like the beginning of one. */
function withoutComments(code: string): string {
  const isOpen = (text: string) => text.startsWith('/*') && !text.endsWith('*/');
  return code.replace(TEXT_OR_COMMENT, (text, kept?: string) =>
    kept !== undefined || isOpen(text) ? text : '',
  );
}

/** A function of that name may be the student's own, beside an import of others. */
function takenFrom(code: string): string | undefined {
  const pieces = code.split(/['"]/);
  const before = pieces.filter((_, i) => LIBRARY.has(pieces[i + 1]));
  const places = before.some((text) => WHOLE.test(text)) ? [code] : before.map(namesIn);
  return SAME_NAME.exec(places.join('\n'))?.[1];
}

/** What an import takes, types left out. */
function namesIn(before: string): string {
  const begun = IMPORT.exec(before)?.index ?? before.length;
  return SOME.test(before) ? before.slice(begun) : '';
}
