import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensurePython, pythonPath } from '../../lib/jupyter/python';
import { temporaryFolder } from '../temporaryFolder';

describe("JupyterLab's settings", () => {
  it('hold however it is started: in a container it is not npm start', async () => {
    await ensurePython();
    const [lab, nbconvert] = ['lab', 'nbconvert'].map((command) => {
      const args = ['-m', 'jupyter', command, '--show-config-json'];
      const env = { ...process.env, JUPYTER_CONFIG_DIR: temporaryFolder() };
      const { stdout, stderr } = spawnSync(pythonPath(), args, { encoding: 'utf8', env });
      assert.ok(stdout.startsWith('{'), stderr);
      return JSON.parse(stdout);
    });
    assert.equal(lab.LabApp.custom_css, true);
    assert.deepEqual(nbconvert.HTMLExporter, lab.HTMLExporter);
    assert.equal(lab.HTMLExporter.template_name, 'pathlab');
    for (const folders of ['extra_template_basedirs', 'extra_template_paths']) {
      for (const folder of lab.HTMLExporter[folders]) assert.ok(existsSync(folder), folder);
    }
  });
});
