import { basename } from 'node:path';

/** What a file that was handed in is, by its name: a notebook, whatever the case of its letters. */
export const isNotebook = (file: string) => /\.ipynb$/i.test(file);
/** A notebook that names a part, and so no student. */
export const isPart = (file: string) => /^part-/i.test(file);
/** The name that a notebook gives a student. */
export const withoutEnding = (file: string) => basename(file).replace(/\.ipynb$/i, '');
/** Weights or a grid. */
export const isSaved = (file: string) => /\.(safetensors|json)$/.test(file);
/** It goes along with the notebook beside it: what a cell can import, and text that it can read. */
export const goesAlong = (file: string) => /\.([cm]?[jt]s|json|csv|tsv|txt)$/i.test(file);
/** It is unpacked; other archives are by a person. */
export const isZip = (file: string) => /\.zip$/i.test(file);
/** Files in one, packed. */
export const isArchive = (file: string) => /\.(zip|tar|t?(gz|bz2|xz|zst)|7z|rar)$/i.test(file);

/** A note on an archive. */
export const leftOutArchive = (name: string) =>
  `${name} is an archive, and is left out: unpack it into a folder of the student`;
