import { createHash } from 'node:crypto';

/** Of the 255 that a file's name may have; endings follow, and that of a file which is being written. */
const MOST_BYTES = 190;

/** A student's name as a file's: letters of any language, digits, and little else. */
export function fileName(student: string): string {
  // By characters, because half of one is no text.
  const letters = [...student.normalize('NFC').replace(/[^\p{L}\p{N}._ -]/gu, '_')];
  const short = Buffer.from(letters.slice(0, 60).join('')).subarray(0, MOST_BYTES);
  const plain = short.toString().replace(/\ufffd+$/, '');
  const tag = createHash('sha256').update(student).digest('hex').slice(0, 6);
  // Nor what looks like the name that another gets.
  const usable =
    plain === student && !/^\.|-[0-9a-f]{6}$/.test(plain) && plain.toLowerCase() !== 'overview';
  return usable ? plain : `${plain.replace(/^\.+/, '_')}-${tag}`;
}

/** The page of a student, beside the tables. */
export const pageOf = (student: string) => `${fileName(student)}.html`;
