import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  ensurePython,
  installPython,
  jupyterEnvironment,
  pythonPath,
} from '../../lib/jupyter/python';
import { projectRoot } from '../../lib/root';
import { writeNotebook } from '../notebookFile';

const notebooks = join(projectRoot, 'notebooks');

function python(args: readonly string[], cwd = notebooks) {
  return spawnSync(pythonPath(), args, { cwd, encoding: 'utf8', env: jupyterEnvironment() });
}

describe("Jupyter's own programs", () => {
  before(async () => {
    await ensurePython();
  });

  it('jupyter-kernel-test passes, and skips nothing but the pager', () => {
    const { status, stderr } = python([join(__dirname, 'suite.py')]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Ran 13 tests/m);
    assert.deepEqual(stderr.match(/^.*\.\.\. skipped.*$/gm)?.length, 1);
    assert.match(stderr, /test_pager .*\.\.\. skipped/);
  });

  describe('jupyter execute', () => {
    const folder = mkdtempSync(join(projectRoot, 'data', 'execute-'));
    after(() => rmSync(folder, { recursive: true }));

    const execute = (...cells: string[]) => {
      const path = join(folder, 'notebook.ipynb');
      writeNotebook(path, cells);
      const ran = python(['-m', 'jupyter', 'execute', '--inplace', path], folder);
      const { cells: executed } = JSON.parse(readFileSync(path, 'utf8')) as {
        cells: { outputs: { data?: object }[] }[];
      };
      return { ...ran, outputs: executed.map(({ outputs }) => outputs) };
    };

    it('passes a notebook whose cells all run', () => {
      const { status, outputs, stderr } = execute('const a = 1;', 'a + 1');
      assert.equal(status, 0, stderr);
      assert.deepEqual(outputs[1]?.[0]?.data, { 'text/plain': ['2'] });
    });

    const failing: Record<string, [code: string, message: RegExp]> = {
      'that throws': ['throw new RangeError("too far")', /RangeError: too far/],
      'that does not compile': ['const s: string = 1', /CompileError: Type 'number' is not/],
      'that leaves a rejection': ['Promise.reject(new Error("late")); 1', /Error: late/],
      'that would end the process': ['process.exit(0)', /process\.exit\(0\) would end/],
      'whose process dies': ['process.abort()', /KernelDied: .*SIGABRT/],
    };
    for (const [what, [code, message]] of Object.entries(failing)) {
      it(`fails at a cell ${what}`, () => {
        const { status, stderr } = execute('1', code, 'console.log("not reached")');
        assert.notEqual(status, 0);
        assert.match(stripVTControlCharacters(stderr), message);
        assert.ok(stderr.includes(code), 'the message names the cell');
      });
    }
  });

  describe('papermill', () => {
    const folder = mkdtempSync(join(projectRoot, 'data', 'papermill-'));
    const [notebook, out, site] = ['in.ipynb', 'out.ipynb', 'site'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    before(async () => {
      await installPython('papermill==2.7.0');
      writeNotebook(notebook, ['let lr = 0.01, name = "a", flag = false;', '({ lr, name, flag })']);
    });
    after(() => rmSync(folder, { recursive: true }));

    const papermill = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
      const ran = spawnSync(pythonPath(), ['-m', 'papermill', notebook, out, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...jupyterEnvironment(), ...env },
      });
      assert.equal(ran.status, 0, ran.stderr);
      const { cells } = JSON.parse(readFileSync(out, 'utf8')) as {
        cells: { outputs: { data: { 'text/plain': string[] } }[] }[];
      };
      return cells.at(-1)!.outputs[0]!.data['text/plain'].join('');
    };
    const tagged = () => {
      const { cells, ...rest } = JSON.parse(readFileSync(notebook, 'utf8')) as {
        cells: { metadata: object }[];
      };
      cells[0]!.metadata = { tags: ['parameters'] };
      writeFileSync(notebook, JSON.stringify({ ...rest, cells }));
    };

    it('gives numbers, texts and booleans as it is, when told of a language that writes them so', () => {
      tagged();
      const args = ['-p', 'lr', '0.1', '-p', 'name', 'b "c"', '-p', 'flag', 'True'];
      assert.equal(
        papermill([...args, '--language', '.net-csharp']),
        `{ lr: 0.1, name: 'b "c"', flag: true }`,
      );
    });

    it("gives whatever YAML can say, with the kernel's translator", () => {
      tagged();
      // From a copy: what pip builds on the way it leaves beside the source.
      const source = join(folder, 'papermill');
      cpSync(join(projectRoot, 'lib', 'kernel', 'papermill'), source, { recursive: true });
      const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', site, source];
      const { status, stderr } = python(pip);
      assert.equal(status, 0, stderr);
      const yaml = 'lr: [0.1, 2]\nname: "ü\\n`"\nflag: {a: null}\n';
      assert.equal(
        papermill(['-y', yaml], { PYTHONPATH: site }),
        "{ lr: [ 0.1, 2 ], name: 'ü\\n`', flag: { a: null } }",
      );
    });
  });
});
