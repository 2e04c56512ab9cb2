import type { Carried } from '../../../lib/grading/judge/gradeNotebook';
import type { Limits } from '../../../lib/grading/sandbox/isolation';
import type { Change, KindName } from '../submit';

/** An answered part with something changed. */
export interface Variant {
  readonly name: string;
  readonly kind: KindName;
  readonly changes: readonly Change[];
}

/** A wrong one: it loses one criterion, and no other. */
export interface Wrong extends Variant {
  readonly loses: string;
  /** Points that it still earns for it, where only a part is wrong. */
  readonly keeps?: number;
  /** What the student is told. */
  readonly says?: RegExp;
}

/** A cell behind Part 1's answers, which are right. */
export interface Hostile {
  readonly name: string;
  readonly code: string;
  /** It tries to earn what is not answered: it is also put behind Part 1 with nothing answered. */
  readonly forges?: boolean;
  /** The answers before it still earn their points. */
  readonly keeps?: boolean;
  readonly says?: (run: Carried) => void;
  /** Limits by which it is stopped sooner. */
  readonly within?: Partial<Limits>;
}
