import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { kernelspec } from 'typescript-notebook-kernel';
import { DARK_PLOT } from '../plots';
import { projectRoot } from '../root';

/** How Jupyter starts the lab's kernel, under tslab's name, so that notebooks also open under that. */
export const labKernelspec = kernelspec([
  join(projectRoot, 'lib', 'dist', 'notebook', 'kernelMain.js'),
]);

const { resolve } = createRequire(__filename);

/** Exported HTML loads nothing from the network, formulas and live plots included. */
const exported = {
  HTMLExporter: {
    template_name: 'pathlab',
    extra_template_basedirs: [join(projectRoot, 'lib', 'jupyter', 'templates')],
    extra_template_paths: [
      ...['temml', 'vega', 'vega-lite', 'vega-embed'].map((name) => dirname(resolve(name))),
      join(projectRoot, 'lib', 'report'),
    ],
  },
};

const server = { LabApp: { custom_css: true }, ...exported };

/** JupyterLab asks its makers for news and updates unless told not to. */
const lab = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/** A plot is drawn smaller where there is little room, scrolls only below a legible size, and is dark with the page. */
const css = `.jp-OutputArea-output .vega-embed { max-width: 100%; }
.jp-OutputArea-output .vega-embed svg.marks { max-width: 100%; min-width: 380px; height: auto; }
[data-jp-theme-light='false'] .vega-embed svg.marks { ${DARK_PLOT} }
`;

const asJson = (content: object) => `${JSON.stringify(content, null, 1)}\n`;

/** The files, by their paths in the environment, that every Jupyter of it reads, whoever starts it. */
export const settingsFiles: Readonly<Record<string, string>> = {
  'share/jupyter/kernels/tslab/kernel.json': asJson(labKernelspec),
  'share/jupyter/lab/settings/overrides.json': asJson(lab),
  'etc/jupyter/jupyter_server_config.json': asJson(server),
  'etc/jupyter/jupyter_nbconvert_config.json': asJson(exported),
  'jupyter/config/custom/custom.css': css,
};
