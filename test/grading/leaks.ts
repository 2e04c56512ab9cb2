import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBubblewrap } from '../../lib/grading/sandbox/bubblewrap';
import { type Cell, notebookText } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { unanswered } from './submit';
import { walk } from './variants/walk';

const [ADD_KEY, REQUEST_KEY, KEYCTL] = process.arch === 'arm64' ? [217, 218, 219] : [248, 249, 250];
const call = 'import ctypes, os, sys\ncall = ctypes.CDLL(None).syscall\n';
/** Puts a key into a new session keyring, then becomes a program. */
const PUT_KEY = `${call}call(${KEYCTL}, 1, None)
value = sys.argv[1].encode()
call(${ADD_KEY}, b'user', b'course', value, len(value), -3)
os.execvp(sys.argv[2], sys.argv[2:])`;
const TAKE_KEY = `${call}value = ctypes.create_string_buffer(100)
call(${KEYCTL}, 11, call(${REQUEST_KEY}, b'user', b'course', None, 0), value, 100)
print(value.value.decode())`;

/**
 * Secrets of the machine that grades, planted wherever one may lie, and a submission that reads
 * whatever it can reach and shows it: none of them is in its page or in any other record.
 */
describe('the secrets of the machine that grades', function () {
  this.timeout(300_000);
  const tag = randomBytes(4).toString('hex');
  /** Each by where it lies. */
  const planted = (where: string) => `planted-${where}-${tag}`;
  const SEED = '1357924680';
  const folder = temporaryFolder();
  const out = join(folder, planted('argument'));
  const files = {
    home: join(folder, 'home', '.token'),
    tmp: join(tmpdir(), `secret-${tag}`),
    project: join(projectRoot, `secret-${tag}`),
    descriptor: join(folder, 'open'),
    other: join(folder, planted('path'), 'ann', 'part-1.ipynb'),
  };
  const servers: Server[] = [];
  let shown = '';

  before(async () => {
    assert.ok(hasBubblewrap(), 'bubblewrap works here (Debian: apt install bubblewrap)');
    for (const [where, file] of Object.entries(files)) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, planted(where));
    }
    const addresses = [
      { host: '127.0.0.1', port: 0 },
      { path: `\0secret-${tag}` },
      { path: join(folder, 'socket') },
    ];
    for (const address of addresses) {
      const server = createServer((socket) => socket.end(planted('socket')));
      servers.push(server.listen(address));
      await once(server, 'listening');
    }
    const eve = join(folder, planted('path'), 'eve');
    mkdirSync(eve);
    const code = walk({
      patterns: [
        ['plan', 'ted-[a-z]+-[0-9a-f]+'],
        [SEED.slice(0, 4), SEED.slice(4)],
        // The grader's cell, which holds the seed of its inputs, before its turn.
        ["collect\\('ta", 'sk-[^)]{1,300}\\)'],
        ['LAB_GRADING', '_SEED'],
      ],
      folders: ['/tmp', '/root', '/home', '/run', '/var', '/dev/shm', '/opt', projectRoot, folder],
      // Not those whose paths hold a secret: the walk would find its own text.
      files: [
        files.home,
        files.tmp,
        files.project,
        files.descriptor,
        '/etc/shadow',
        '/etc/passwd',
        '/etc/hostname',
      ],
      sockets: [
        { host: '127.0.0.1', port: (servers[0]!.address() as AddressInfo).port },
        ...addresses.slice(1),
      ],
      programs: [['python3', '-c', TAKE_KEY]],
    });
    const first: Cell = { id: 'walk', cell_type: 'code', metadata: {}, source: [code] };
    const notebook = unanswered('1');
    const cells = [first, ...notebook.cells];
    writeFileSync(join(eve, 'part-1.ipynb'), notebookText({ ...notebook, cells }));
    // A descriptor beyond the first, which Node itself hands on.
    const command = 'exec 200<"$1"; shift; exec "$@"';
    const grade = ['npm', 'run', '--silent', 'grade', '--', eve, '--out', out, '--seed', SEED];
    const withDescriptor = ['bash', '-c', command, 'bash', files.descriptor, ...grade];
    const child = spawn('python3', ['-c', PUT_KEY, planted('key'), ...withDescriptor], {
      cwd: projectRoot,
      env: { ...process.env, COURSE_TOKEN: planted('environment'), HOME: join(folder, 'home') },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code_] = await once(child, 'close');
    assert.equal(code_, 0);
    const [kept] = readdirSync(join(out, 'students'));
    const { grade: eves } = JSON.parse(readFileSync(join(out, 'students', kept!), 'utf8'));
    shown = eves.notebooks[0].outputs.walk.join('\n');
  });

  after(() => {
    for (const server of servers) server.close();
    for (const file of [files.tmp, files.project]) rmSync(file, { force: true });
  });

  it('are looked for: the walk reads hundreds of files, and finds what is its own', () => {
    const [, read] = /read (\d+)/.exec(shown) ?? [];
    assert.ok(Number(read) > 300, shown);
    assert.match(shown, /environ: planted-control-0/);
  });

  it('are there to be found: a program that is not in the sandbox takes the key', () => {
    const program = [planted('key'), 'python3', '-c', TAKE_KEY];
    const { stdout } = spawnSync('python3', ['-c', PUT_KEY, ...program], { encoding: 'utf8' });
    assert.equal(stdout.trim(), planted('key'));
  });

  it('are not found, nor is the seed or a grader’s cell before its turn', () => {
    const hits = shown.split('\n').slice(1);
    assert.deepEqual(
      hits.filter((line) => !/planted-control-0/.test(line)),
      [],
    );
  });

  it('are in no page, table or record', () => {
    const records = readdirSync(out, { recursive: true, encoding: 'utf8' })
      .map((name) => join(out, name))
      .filter((path) => statSync(path).isFile() && !path.endsWith('seed.txt'));
    assert.ok(records.length >= 5, String(records));
    for (const path of records) {
      const text = readFileSync(path, 'utf8');
      assert.ok(!text.includes(tag) && !text.includes(SEED), path);
    }
  });
});
