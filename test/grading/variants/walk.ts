/**
 * A cell that reads whatever it can reach — files, environments, command lines, open files and memory
 * of other processes, sockets — and shows each piece of text that it was told to look for. It gets
 * the places to try besides `/proc` and `/sys`, and patterns as two halves, so that its own text holds
 * none of them.
 */
export function walk(places: Places): string {
  return `const places = ${JSON.stringify(places)};
const fs = require('node:fs');
const net = require('node:net');
const patterns: RegExp[] = places.patterns.map(([a, b]: string[]) => new RegExp(a + b, 'g'));
const found = new Set<string>();
const look = (where: string, text: string) => {
  for (const pattern of patterns) for (const [hit] of text.matchAll(pattern)) found.add(where + ': ' + hit);
};
let read = 0;
const readAll = (path: string) => {
  try {
    const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(1 << 20);
      look(path, buffer.toString('latin1', 0, fs.readSync(file, buffer, 0, buffer.length, 0)));
      read++;
    } finally { fs.closeSync(file); }
  } catch {}
};
const under = (folder: string, depth: number) => {
  let entries: any[] = [];
  try { entries = fs.readdirSync(folder, { withFileTypes: true }); } catch {}
  for (const entry of entries.slice(0, 3000)) {
    const path = folder + '/' + entry.name;
    look(path, path);
    if (entry.isSymbolicLink()) { try { look(path, fs.readlinkSync(path)); } catch {} }
    if (entry.isDirectory() && depth > 0) under(path, depth - 1);
    else if (entry.isFile()) readAll(path);
  }
};
const memoryOf = (pid: string) => {
  let file: number | undefined;
  try {
    file = fs.openSync('/proc/' + pid + '/mem', 'r');
    for (const line of fs.readFileSync('/proc/' + pid + '/maps', 'latin1').split('\\n')) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === undefined) continue;
      const [begin, end] = [parseInt(from, 16), parseInt(to!, 16)];
      if (end - begin > 64e6) continue;
      const buffer = Buffer.alloc(end - begin);
      try {
        fs.readSync(file, buffer, 0, buffer.length, begin);
        look('memory of ' + pid, buffer.toString('latin1'));
        look('memory of ' + pid, buffer.toString('utf16le'));
        read++;
      } catch {}
    }
  } catch {} finally { if (file !== undefined) fs.closeSync(file); }
};
// So that a walk that finds nothing has looked: a process of its own with something to find.
const control = require('node:child_process').spawn('/bin/sleep', ['60'], { env: { CONTROL: ['planted', 'control', '0'].join('-') } });
await new Promise((resolve) => setTimeout(resolve, 300));
under('/proc', 2);
under('/sys', 4);
for (const folder of places.folders) under(folder, 3);
for (const path of places.files) readAll(path);
const others = fs.readdirSync('/proc').filter((name: string) => /^\\d+$/.test(name) && name !== String(process.pid));
for (const pid of others) {
  for (const name of ['root', 'cwd']) under('/proc/' + pid + '/' + name + '/tmp', 2);
  try {
    for (const fd of fs.readdirSync('/proc/' + pid + '/fd')) {
      const link = fs.readlinkSync('/proc/' + pid + '/fd/' + fd);
      look('descriptor', link);
      if (link.startsWith('/')) readAll('/proc/' + pid + '/fd/' + fd);
    }
  } catch {}
  memoryOf(pid);
}
for (const fd of fs.readdirSync('/proc/self/fd')) {
  try {
    const link = fs.readlinkSync('/proc/self/fd/' + fd);
    look('own descriptor', link);
    if (link.startsWith('/')) readAll('/proc/self/fd/' + fd);
  } catch {}
}
for (const address of places.sockets) {
  await new Promise<void>((resolve) => {
    const socket = net.connect(address);
    socket.on('data', (data: Buffer) => { look('socket', String(data)); socket.destroy(); });
    socket.on('error', () => resolve()).on('close', () => resolve());
    setTimeout(() => socket.destroy(), 1000);
  });
}
for (const program of places.programs) {
  look('a program', require('node:child_process').spawnSync(program[0], program.slice(1), { encoding: 'utf8' }).stdout ?? '');
}
look('own environment', JSON.stringify(process.env));
control.kill();
await require('pathlab').display({
  [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<pre>read ' + read + '\\n' + [...found].sort().join('\\n') + '</pre>' }),
});`;
}

export interface Places {
  readonly patterns: readonly (readonly [string, string])[];
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** As `net.connect` takes them. */
  readonly sockets: readonly object[];
  /** Command lines; what they print is looked at. */
  readonly programs: readonly (readonly string[])[];
}
