import { cellText, type Notebook } from '../../ipynb';

/** Characters of a notebook that are looked through: more could be made to take forever. */
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

/** What an import takes from the library, types left out. */
const IMPORT = /\bimport\s+(?!type\b)([^'"]*?)\bfrom\s*['"]pathlab(?:\/lab)?['"]/g;
/** The library as a value, of which anything may be taken further down. */
const WHOLE =
  /\b(?:require|import)\s*\(\s*['"]pathlab(?:\/lab)?['"]|\*\s*as\b[^'"]*?['"]pathlab(?:\/lab)?['"]/;

/** A module whose name is put together, or code that is. */
const HIDDEN =
  /\b(?:require|import)\s*\(\s*(?!(['"])[^'"]*\1\s*\))|\beval\s*\(|\bnew\s+Function\b|\brequire\s*\.\s*cache\b/;

/**
 * What a person should look at before trusting the points: an answer that hands its task on to the
 * library is right, and no answer. Nothing is taken off for it.
 */
export function remarks({ cells }: Notebook): string[] {
  let left = MOST_CODE;
  return cells.flatMap((cell) => {
    left -= cell.cell_type === 'code' ? cellText(cell).length : 0;
    if (cell.cell_type !== 'code' || left < 0) return [];
    const code = cellText(cell).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const id = String(cell.metadata.nbgrader?.grade_id ?? cell.id);
    const pattern = Object.hasOwn(ANSWERED_BY_LIBRARY, id) ? ANSWERED_BY_LIBRARY[id] : undefined;
    const used = pattern?.exec(code)?.[0].replace(/\W+$/, '');
    const taken = takenFrom(code);
    return [
      ...(used ? [`${cell.id} calls the library's ${used}`] : []),
      ...(taken ? [`${cell.id} takes ${taken} from the library`] : []),
      ...(HIDDEN.test(code) ? [`${cell.id} hides what it takes from where`] : []),
    ];
  });
}

/** A function of that name may be the student's own, beside an import of others. */
function takenFrom(code: string): string | undefined {
  const places = WHOLE.test(code) ? [code] : [...code.matchAll(IMPORT)].map(([, names]) => names!);
  return SAME_NAME.exec(places.join('\n'))?.[1];
}
