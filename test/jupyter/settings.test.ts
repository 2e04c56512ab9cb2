import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensurePython, pythonPath } from '../../lib/jupyter/python';
import { temporaryFolder } from '../temporaryFolder';

describe("JupyterLab's settings", () => {
  it('hold however it is started: in a container it is not npm start', async () => {
    await ensurePython();
    const args = ['-m', 'jupyter', 'lab', '--show-config-json'];
    const env = { ...process.env, JUPYTER_CONFIG_DIR: temporaryFolder() };
    const { stdout, stderr } = spawnSync(pythonPath(), args, { encoding: 'utf8', env });
    assert.ok(stdout.startsWith('{'), stderr);
    const { LabApp, HTMLExporter } = JSON.parse(stdout);
    assert.equal(LabApp.custom_css, true);
    assert.equal(HTMLExporter.template_name, 'pathlab');
    for (const folders of ['extra_template_basedirs', 'extra_template_paths']) {
      assert.ok(existsSync(HTMLExporter[folders][0]), folders);
    }
  });
});
