/** The figures of an epoch; the loss in nats, the accuracy in [0, 1], as far as they are known. */
export interface ToldEpoch {
  readonly epoch: number;
  readonly loss?: number;
  readonly accuracy?: number;
  /** One and the same for all epochs of a training, whatever else is trained beside it. */
  readonly run?: object;
}

let now: ToldEpoch | undefined;

/** Calls a listener of an epoch's; what it draws can ask what it is being told of. */
export function telling(told: ToldEpoch, listener: () => void): void {
  now = told;
  try {
    listener();
  } finally {
    now = undefined;
  }
}

/** The epoch that a listener is being told of at this moment, while it is called. */
export function epochToldNow(): ToldEpoch | undefined {
  return now;
}
