import * as tf from '@tensorflow/tfjs';

let chosen = false;
let told = false;

/** The backend was chosen, so there is nothing to say of it. */
export function backendIsChosen(): void {
  chosen = true;
}

/** Whether tfjs' plain JavaScript computes, or would, only because nobody chose a backend. */
export function nobodyChose(): boolean {
  return !chosen && (tf.getBackend() || 'cpu') === 'cpu';
}

/** Says once that convolutions run on tfjs' plain JavaScript, which it takes where nobody chose. */
export function tellOfPlainJavaScript(): void {
  if (told || !nobodyChose()) return;
  told = true;
  console.log(
    'convolutions run on plain JavaScript here, many times slower than they could; before ' +
      'anything else, await useBackend()',
  );
}
