import {
  createWriteStream,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { readArguments, runCommand } from '../command';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { ANSWERS } from '../grading/submitted/answers';
import { goesAlong, isSaved } from '../grading/submitted/kinds';
import { STUDENT_ROOM, unpackInto } from '../grading/submitted/put';
import { answersIn, type ReadBack, readBack } from '../grading/submitted/readBack';
import { readNotebook } from '../ipynb';
import { type LabSize, openLab } from '../notebook/lab';
import { projectRoot, shortPath } from '../root';
import { partsOf } from '../standing';

/**
 * `npm run submit -- --name NAME`: packs the notebooks, the modules and texts beside them, and the nets,
 * grids and figures that were kept at a size into NAME.zip, reads that as the grader will, and says what
 * is missing. Ends with 1 where the grader would leave out something of it.
 */
async function submit(): Promise<number> {
  const { values, positionals } = readArguments('submit', {
    name: { type: 'string' },
    size: { type: 'string', default: process.env.LAB_SIZE || 'full' },
    out: { type: 'string' },
  });
  const name = requireName(values.name);
  if (positionals.length > 1) {
    throw new InputError(`submit: expected one folder of notebooks, got ${positionals.length}`);
  }
  const folder = resolve(positionals[0] ?? join(projectRoot, 'notebooks'));
  const lab = openLab(values.size as LabSize);
  const notebooks = partsOf(folder);
  if (notebooks.length === 0) {
    throw new InputError(`submit: there is no part-….ipynb in ${shortPath(folder)}`);
  }
  const kept = existsSync(lab.folder) ? readdirSync(lab.folder).filter(isSaved).sort() : [];
  const along = besideIn(folder);
  const target = resolve(values.out ?? `${name}.zip`);
  const found = await pack(name, [...notebooks, ...along, ...kept.map(lab.file)], target);
  console.log(`${shortPath(target)}: ${megabytes(target)} MB, as the grader will read it:`);
  for (const path of along) console.log(`✓ ${basename(path)} goes along with the notebooks`);
  for (const line of report(found, kept.length, lab.size)) console.log(line);
  return found.refused.length > 0 ? 1 : 0;
}

/** What cells may import or read beside the notebooks; nets and figures are the lab folder's. */
function besideIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => goesAlong(name) && !isSaved(name));
  const paths = names.sort().map((name) => join(folder, name));
  return paths.filter((path) => lstatSync(path).isFile());
}

/** It is the folder's, and by that the student's. */
function requireName(name: string | undefined): string {
  if (name !== undefined && /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name)) return name;
  throw new InputError(
    'submit: say whose it is, in letters, digits, dots and dashes, as in npm run submit -- --name ' +
      `ivanov; got ${name ?? 'no --name'}`,
  );
}

/** Zips the files in a folder of that name, and reads the zip as the grader does. */
async function pack(name: string, files: readonly string[], target: string): Promise<ReadBack> {
  const work = mkdtempSync(join(tmpdir(), 'pathlab-submit-'));
  try {
    const path = join(work, `${name}.zip`);
    const zip = new ZipFile();
    for (const file of files) zip.addFile(file, `${name}/${basename(file)}`);
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(path));
    const [class_, notes] = [join(work, 'class'), [] as string[]];
    const why = await unpackInto(path, join(class_, name), STUDENT_ROOM, notes);
    if (why !== undefined) throw new InputError(tooMuch(name, why));
    const found = readBack([class_], expectedAnswers());
    writeAtomically(target, readFileSync(path));
    return { ...found, refused: [...notes, ...found.refused] };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const tooMuch = (name: string, why: string) =>
  `submit: the grader would leave ${name}.zip out, because ${why}; move nets away that ` +
  'the notebooks do not need, or pack another --size';

/** Of the parts that were handed out; a notebook of another course says itself which answers it has. */
function expectedAnswers(): Map<string, readonly string[]> {
  const parts = partsOf(join(projectRoot, 'notebooks'));
  return new Map(
    parts.map((path) => {
      const name = basename(path);
      return [name, ANSWERS[name] ?? answersIn(readNotebook(path))];
    }),
  );
}

function report(found: ReadBack, packed: number, size: LabSize): string[] {
  const lines = [...found.notebooks].map(([name, stated]) => {
    const told = stated === undefined ? 'states no size, so it is graded at the small one' : stated;
    return `✓ ${name}: ${told}`;
  });
  lines.push(`✓ ${found.saved} of ${packed} nets, grids and figures of the ${size} size`);
  const other = [...found.notebooks].filter(
    ([, stated]) => stated !== undefined && stated !== size,
  );
  for (const [name] of other) {
    lines.push(
      `… ${name} was carried out at another size than the files; --size says which to pack`,
    );
  }
  lines.push(...found.refused.map((one) => `✗ ${one}`));
  lines.push(
    ...found.missing.map((one) => `… ${one}${earnsNothing(one) ? ' (optional, no points)' : ''}`),
  );
  lines.push(...found.remarks.map((one) => `… a person will look at this: ${one}`));
  if (found.missing.length === 0) lines.push('✓ every answer is there');
  else if (found.missing.every(earnsNothing)) lines.push('✓ every answer with points is there');
  return lines;
}

/** Part 4 is optional. */
const earnsNothing = (missing: string) => missing.startsWith('part-4');

const megabytes = (path: string) => (statSync(path).size / 1e6).toFixed(1);

runCommand(submit);
