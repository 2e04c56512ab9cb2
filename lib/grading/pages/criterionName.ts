import type { Verdict } from '../judge/verdict';
import type { Tasks } from '../marks/byTask';

/** A criterion in words: its task's number and name, and where a task has several what it looks at. */
export function criterionName({ id, task }: Pick<Verdict, 'id' | 'task'>, tasks: Tasks): string {
  const criterion = id.replace(/^task-\d-\d-|-?check$/g, '');
  const name = tasks[task]?.name;
  return `${task}${name === undefined ? '' : ` ${name}`}${criterion === '' ? '' : `: ${criterion}`}`;
}
