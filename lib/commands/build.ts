import { build } from '../build';
import { runCommand } from '../command';

/** `npm run build`: compiles the kernel and lib, or what has changed of them. */
runCommand(async () => {
  await build();
  return 0;
});
