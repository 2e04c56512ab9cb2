/**
 * What no namespace keeps apart, and a submission has no use for: the keys of the session that
 * grades, and the log of this machine's kernel.
 */

/** Linux' numbers of add_key, request_key, keyctl and syslog, and its name of the processor (`AUDIT_ARCH_…`). */
const PROCESSORS: Partial<Record<NodeJS.Architecture, { audit: number; refused: number[] }>> = {
  x64: { audit: 0xc000003e, refused: [248, 249, 250, 103] },
  arm64: { audit: 0xc00000b7, refused: [217, 218, 219, 116] },
};

const [LOAD, AND, JUMP_IF_EQUAL, RETURN] = [0x20, 0x54, 0x15, 0x06];
const [NUMBER, PROCESSOR] = [0, 4];
const ALLOWED = 0x7fff0000;
/** The error ENOSYS. */
const REFUSED = 0x00050000 + 38;
/** Programs of x32 have the same numbers with this bit. */
const WITHOUT_X32 = 0xbfffffff;

/**
 * The filter as bubblewrap's `--seccomp` reads it, a program of the kernel's packet filter: those
 * system calls fail, and so does every one of another processor's, whose numbers differ. None where
 * the processor's numbers are not known here.
 */
export function refusedSystemCalls(): Buffer | undefined {
  const known = PROCESSORS[process.arch];
  if (known === undefined) return undefined;
  const { audit, refused } = known;
  const last = refused.length;
  // Each: what it does, how many to skip if it holds and if not, with what.
  const program: [code: number, yes: number, no: number, value: number][] = [
    [LOAD, 0, 0, PROCESSOR],
    [JUMP_IF_EQUAL, 0, 3 + last, audit],
    [LOAD, 0, 0, NUMBER],
    [AND, 0, 0, WITHOUT_X32],
    ...refused.map((number, i): [number, number, number, number] => {
      return [JUMP_IF_EQUAL, last - i, 0, number];
    }),
    [RETURN, 0, 0, ALLOWED],
    [RETURN, 0, 0, REFUSED],
  ];
  const bytes = Buffer.alloc(8 * program.length);
  for (const [i, [code, yes, no, value]] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(yes, 8 * i + 2);
    bytes.writeUInt8(no, 8 * i + 3);
    bytes.writeUInt32LE(value, 8 * i + 4);
  }
  return bytes;
}
