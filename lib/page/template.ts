/** Where the build leaves the page's frame: its program and looks. */
export const TEMPLATE = 'page/template.html';
