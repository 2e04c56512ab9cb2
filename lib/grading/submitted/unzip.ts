import { createWriteStream, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { InputError } from '../../errors';
import { makeFolder } from '../../files';

/** What an archive may hold. */
export interface Room {
  readonly files: number;
  /** Unpacked, all together. */
  readonly bytes: number;
}

/** What Finder puts beside the files. */
const FOREIGN = /^__MACOSX\/|(^|\/)\.DS_Store$/;
/** It has no room, or takes nothing: not the archive's doing. */
const OF_DISK = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);
/** In the upper half of the attributes of an archive made on Unix: what kind of file it was. */
const [KIND, REGULAR] = [0o170000, 0o100000];

/**
 * Unpacks a zip into a new folder. An entry longer than it says, one that names a place outside of the
 * folder, and more than there is room for end it: the size that an archive states is believed of no
 * entry. What was no regular file is left out.
 *
 * @returns the entries that were left out, by their names
 * @throws InputError on an archive that is damaged, too large, or reaches out of its folder; Error of
 *   the file system where the disk is full
 */
export async function unzip(path: string, folder: string, room: Room): Promise<string[]> {
  const leftOut: string[] = [];
  const written = new Set<string>();
  let bytes = 0;
  try {
    const archive = await openPromise(path, { lazyEntries: true });
    try {
      for await (const entry of archive.eachEntry()) {
        const { fileName, uncompressedSize } = entry;
        if (fileName.endsWith('/') || FOREIGN.test(fileName)) continue;
        bytes += uncompressedSize;
        if (bytes > room.bytes || written.size >= room.files) throw new Error(tooMuch(room));
        if (!isRegular(entry) || entry.isEncrypted() || written.has(fileName)) {
          leftOut.push(fileName);
          continue;
        }
        written.add(fileName);
        const to = join(folder, fileName);
        makeFolder(dirname(to));
        const content = await archive.openReadStreamPromise(entry);
        // It may fail when nobody listens any more, as where no file can have such a name.
        content.on('error', () => undefined);
        await pipeline(content, createWriteStream(to));
        const time = entry.getLastModDate();
        utimesSync(to, time, time);
      }
    } finally {
      archive.close();
    }
  } catch (error) {
    if (OF_DISK.has(String((error as NodeJS.ErrnoException).code))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`it cannot be unpacked: ${reason}`);
  }
  return leftOut;
}

const tooMuch = ({ files, bytes }: Room) =>
  `it holds more than ${files} files, or more than ${Math.round(bytes / 1e6)} MB`;

/** Where nothing is said of its kind, as on Windows, it is a file. */
function isRegular({ externalFileAttributes }: Entry): boolean {
  const kind = (externalFileAttributes >>> 16) & KIND;
  return kind === 0 || kind === REGULAR;
}
