/** The first line of what runs in the sandbox, written before anything of a student's is. */
export const BEGUN = 'begun';
