import * as tf from '@tensorflow/tfjs';

let silent = false;

/** The backend was chosen, so there is nothing to say of it. */
export function backendIsChosen(): void {
  silent = true;
}

/** Says once that convolutions run on tfjs' plain JavaScript, which it takes where nobody chose. */
export function tellOfPlainJavaScript(): void {
  if (silent || tf.getBackend() !== 'cpu') return;
  silent = true;
  console.log(
    'convolutions run on plain JavaScript here, many times slower than they could; before ' +
      'anything else, await useBackend()',
  );
}
