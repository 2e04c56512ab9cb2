/**
 * How often a thread looks before it sleeps, at most: some hundred microseconds. To wake up takes some
 * tens, in which the others wait in turn: where they fell asleep sooner, a step could take twice its
 * time from then on.
 */
@inline // So `looks` begins with a constant, and no start function with it.
const MOST_LOOKS = 400_000;
/** At least: where it falls asleep again and again, the others need its core. */
const LEAST_LOOKS = 10_000;
/**
 * After so many sleeps in a row it looks for a millisecond, so that all are awake from then on where
 * there are cores enough. Where to wake up takes longer than a thread looks, they could put each other to
 * sleep again and again; that is reasoned, on two cores it was not seen.
 */
const MOST_SLEEPS = 256;
const LONG = 4_000_000;

/** Of this thread: how often it looks the next time, and how often it has slept in a row. */
let looks = MOST_LOOKS;
let sleeps = 0;

/** Nanoseconds that it sleeps before it looks whether the others are still there. */
const SLEEP: i64 = 200_000_000;

/** Where threads wait for each other; all numbers 0 at first. */
@unmanaged
export class Meeting {
  arrived: i32;
  round: i32;
  /** Set where a thread has failed, for which the others must not wait. */
  broken: i32;
}

/** Returns when all `threads` threads have come here. Traps where one of them has failed. */
export function meet(meeting: Meeting, threads: u32): void {
  if (isLast(meeting, threads)) goOn(meeting);
}

/**
 * True for the last of the threads to come here, which may do something alone before it lets the
 * others `goOn`; they wait, and return false then.
 */
export function isLast(meeting: Meeting, threads: u32): bool {
  const arrived = changetype<usize>(meeting) + offsetof<Meeting>('arrived');
  const round = changetype<usize>(meeting) + offsetof<Meeting>('round');
  const broken = changetype<usize>(meeting) + offsetof<Meeting>('broken');
  const current = atomic.load<i32>(round);
  if (atomic.add<i32>(arrived, 1) == (threads as i32) - 1) return true;
  const most = sleeps == MOST_SLEEPS ? LONG : looks;
  for (let i = 0; i < most; i++) {
    if (atomic.load<i32>(round) == current) continue;
    looks = min(2 * looks, MOST_LOOKS);
    sleeps = 0;
    return false;
  }
  looks = max(looks / 2, LEAST_LOOKS);
  sleeps = sleeps == MOST_SLEEPS ? 0 : sleeps + 1;
  while (atomic.load<i32>(round) == current) {
    if (atomic.load<i32>(broken) != 0) unreachable();
    atomic.wait<i32>(round, current, SLEEP);
  }
  return false;
}

export function goOn(meeting: Meeting): void {
  const round = changetype<usize>(meeting) + offsetof<Meeting>('round');
  atomic.store<i32>(changetype<usize>(meeting) + offsetof<Meeting>('arrived'), 0);
  atomic.add<i32>(round, 1);
  atomic.notify(round, -1);
}
