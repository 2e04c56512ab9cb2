import { createModel, type Model, type Options, type State } from './model';

const MODULE = 'anywidget';
const VERSION = '~0.11.*';

/**
 * A widget of one's own: `esm` is a JavaScript module whose default export renders the model into
 * an element, as anywidget's front end loads it (https://anywidget.dev/en/afm/).
 *
 *     const counter = anywidget(
 *       `export default { render({ model, el }) {
 *          const button = document.createElement('button');
 *          const show = () => { button.textContent = model.get('count'); };
 *          button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
 *          model.on('change:count', show);
 *          show();
 *          el.append(button);
 *        } }`,
 *       { count: 0 },
 *     );
 */
export function anywidget(esm: string, state: State = {}, options: Options = {}): Model {
  return createModel(
    {
      _model_module: MODULE,
      _model_module_version: VERSION,
      _model_name: 'AnyModel',
      _view_module: MODULE,
      _view_module_version: VERSION,
      _view_name: 'AnyView',
      _anywidget_id: 'notebook',
      _esm: esm,
      ...state,
    },
    options,
  );
}
