import type { Setup } from '../setup';

/** Loads what a project brings for packages that are mentioned. */
export function loadCompanions(
  { companions }: Setup,
  isMentioned: (name: string) => boolean,
): void {
  for (const [name, companion] of Object.entries(companions ?? {})) {
    if (isMentioned(name)) require(companion);
  }
}
