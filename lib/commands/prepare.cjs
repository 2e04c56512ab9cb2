// What npm runs after `npm ci`: takes away what nobody needs of the packages, and compiles lib, so that
// `pathlab` can be imported. An installation without the development packages lacks compilers, and is
// not compiled.
const { existsSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/** Source maps: for a debugger inside of the packages, and a third of what they take. Links stay. */
function removeSourceMaps(packages) {
  for (const entry of readdirSync(packages, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.[cm]?[jt]s\.map$/.test(entry.name)) {
      rmSync(join(entry.parentPath, entry.name));
    }
  }
}

const tools = ['tsx', 'assemblyscript'];
const isThere = (name) => existsSync(`node_modules/${name}/package.json`);
if (existsSync('node_modules')) removeSourceMaps('node_modules');
if (tools.every(isThere)) {
  require('tsx/cjs');
  require('../build.ts')
    .ensureBuild()
    .catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
}
