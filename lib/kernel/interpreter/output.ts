import { clearTimeout, setTimeout } from 'node:timers';
import { type Limited, limited } from '../limited';

// The timers are imported: the global ones stop with the cell.

/** What cells print is gathered and sent at most this often (milliseconds), or when it is long. */
const EVERY_MS = 40;
const LONG = 16_384;

/** The two streams of a cell. */
export interface Streams {
  write(name: 'stdout' | 'stderr', text: string): void;
  /** Sends what is gathered; before anything else the cell shows, so that the order is kept. */
  flush(): void;
  /** Sends the ends that were held back of long output. */
  end(): void;
}

/** Gathers the text of a cell's streams into few messages, and keeps very long output short. */
export function gatherStreams(send: (name: 'stdout' | 'stderr', text: string) => void): Streams {
  let name: 'stdout' | 'stderr' = 'stdout';
  let gathered: string[] = [];
  let length = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (length > 0) send(name, gathered.join(''));
    gathered = [];
    length = 0;
    since = performance.now();
  };
  const gather = (stream: 'stdout' | 'stderr') => (text: string) => {
    if (stream !== name) flush();
    name = stream;
    gathered.push(text);
    length += text.length;
    // A loop that never gives way lets no timer run: it is looked at the clock here.
    if (length >= LONG || performance.now() - since >= EVERY_MS) flush();
    else timer ??= setTimeout(flush, EVERY_MS);
  };
  const streams: Record<'stdout' | 'stderr', Limited> = {
    stdout: limited(gather('stdout')),
    stderr: limited(gather('stderr')),
  };
  return {
    write: (stream, text) => streams[stream].write(text),
    flush,
    end() {
      streams.stdout.end();
      streams.stderr.end();
      flush();
    },
  };
}

/** Sends what is written to the process's streams by JavaScript to `print` instead. */
export function redirectStreams(print: (name: 'stdout' | 'stderr', text: string) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const write = (data: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const of = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
      print(name, typeof data === 'string' ? data : Buffer.from(data).toString(of));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
