/**
 * `pathlab/lab`: what a notebook of the lab uses, from one place: all of `pathlab`, the checks under
 * each task, and the helpers of notebooks. `pathlab` still has their names as well, because notebooks
 * and students' copies of before import them there; new ones take them from here.
 */
export * from './index';
