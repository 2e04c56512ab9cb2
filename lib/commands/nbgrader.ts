import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { makeFolder, requireRoom, writeAtomically } from '../files';
import { runInForeground } from '../foreground';
import { freePort, jupyterLab } from '../jupyter/jupyterLab';
import { ensurePython, installPython, jupyterEnvironment, pythonPath } from '../jupyter/python';
import { projectRoot, shortPath } from '../root';

/** The one assignment: the whole lab. */
const ASSIGNMENT = 'paths';
const REQUIREMENT = 'nbgrader==0.9.6';
const CONFIG = 'nbgrader_config.py';
const config = join(projectRoot, 'lib', 'jupyter', CONFIG);
const sources = join(projectRoot, 'notebooks', 'instructor');

/**
 * `npm run nbgrader -- …`: nbgrader with this lab's settings, in the course folder (`LAB_COURSE`,
 * by default `course` in the project, which is where notebooks find the lab's packages). Sets up
 * what is missing; `generate_assignment` brings the source notebooks up to date first, `validate`
 * takes paths from where it is called, and `formgrader` opens JupyterLab for the parts that a person
 * grades.
 */
async function nbgrader(): Promise<number> {
  const args = process.argv.slice(2);
  const course = resolve(process.env.LAB_COURSE || join(projectRoot, 'course'));
  if (shortPath(course) === course) {
    throw new InputError(
      `nbgrader: LAB_COURSE must lie inside ${projectRoot}, where notebooks find the lab's ` +
        `packages, got ${course}`,
    );
  }
  if (args.length === 0) {
    throw new InputError(
      'nbgrader: say what to do, such as generate_assignment paths, autograde paths or formgrader; ' +
        'notebooks/instructor/README.md goes through all of it',
    );
  }
  requireRoom(course);
  await ensureBuild();
  await ensurePython();
  await installPython(REQUIREMENT);
  // The instructor's to change, once they are there.
  const settings = join(course, CONFIG);
  if (!existsSync(settings)) writeAtomically(settings, readFileSync(config));
  if (args[0] === 'generate_assignment') copySources(join(course, 'source', ASSIGNMENT));
  if (args[0] === 'formgrader') {
    const flags = {
      'no-browser': { type: 'boolean', default: false },
      port: { type: 'string', default: '8888' },
    } as const;
    const options = readOptions('nbgrader formgrader', flags, args.slice(1));
    const port = await freePort('nbgrader', options.port);
    return jupyterLab(course, { port, browser: !options['no-browser'], cwd: course });
  }
  const words = args[0] === 'validate' ? args.map(fromCaller) : args;
  const command = ['-m', 'nbgrader', ...words];
  return runInForeground(pythonPath(), command, { cwd: course, env: jupyterEnvironment() });
}

/** The notebooks as the project has them; whatever else is in the folder stays. */
function copySources(folder: string): void {
  if (!existsSync(sources)) {
    throw new InputError(
      `nbgrader: ${shortPath(sources)} is not there, and an assignment is generated from it; get the ` +
        "instructor's copy of this project",
    );
  }
  makeFolder(folder);
  for (const name of readdirSync(sources).filter((file) => file.endsWith('.ipynb'))) {
    copyFileSync(join(sources, name), join(folder, name));
  }
}

/** A notebook's path as seen from the course's folder; npm tells where it was called. */
function fromCaller(word: string): string {
  return word.endsWith('.ipynb') ? resolve(process.env.INIT_CWD ?? '', word) : word;
}

runCommand(nbgrader);
