import { join } from 'node:path';
import { ensureBuild } from '../build';
import { readOptions, runCommand } from '../command';
import { freePort, jupyterLab } from '../jupyter/jupyterLab';
import { ensurePython } from '../jupyter/python';
import { projectRoot } from '../root';

/**
 * `npm start`: sets up what is missing and opens JupyterLab on the notebooks, on this machine
 * alone and behind its token. Jupyter keeps its files inside the project and asks no network. The
 * file browser shows the students' notebooks; with `--instructor` also what gives the answers away.
 */
async function start(): Promise<number> {
  const options = readOptions('start', {
    'no-browser': { type: 'boolean', default: false },
    port: { type: 'string', default: '8888' },
    instructor: { type: 'boolean', default: false },
  });
  const port = await freePort('start', options.port);
  await ensureBuild();
  await ensurePython();
  const folder = join(projectRoot, 'notebooks');
  return jupyterLab(folder, {
    port,
    browser: !options['no-browser'],
    cwd: projectRoot,
    hidden: options.instructor ? [] : ['instructor', 'solutions'],
  });
}

runCommand(start);
