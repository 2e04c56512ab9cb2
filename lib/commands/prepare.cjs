// What npm runs after `npm ci`: compiles lib, so that `pathlab` can be imported. An installation
// without the development packages lacks compilers, and leaves it.
const tools = ['tsx', 'assemblyscript'];
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
