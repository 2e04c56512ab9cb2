// What npm runs after `npm ci`: compiles lib, so that `pathlab` can be imported. An installation
// without the development packages has no compiler, and leaves it.
const tools = ['tsx', 'typescript', 'assemblyscript'];
const isThere = (name) => require('node:fs').existsSync(`node_modules/${name}/package.json`);
if (tools.every(isThere)) {
  require('tsx/cjs');
  require('../build.ts')
    .ensureBuild()
    .catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
