/**
 * The colours of Okabe and Ito's palette that stand out from white, told apart with any colour
 * vision and by their lightness in a grey print.
 */
const PALETTE = ['#D55E00', '#0072B2', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];

/** The lab's own modes, each of which keeps its colour in every plot. */
const LAB_MODES = [
  'linear_combination_of_two_minima',
  '1-bend_chain',
  'linear_combination_of_minimum_and_init',
  'linear_combination_of_minimum_and_random',
  'linear_combination_of_two_randoms',
];

/**
 * A colour for each name. The lab's modes keep theirs; other names take those that are left, in
 * order, and past the seventh they come round again.
 */
export function colours(names: readonly string[]): string[] {
  const taken = names.map((name) => LAB_MODES.indexOf(name)).filter((slot) => slot >= 0);
  const free = PALETTE.map((_, slot) => slot).filter((slot) => !taken.includes(slot));
  let next = 0;
  return names.map((name) => {
    const own = LAB_MODES.indexOf(name);
    return PALETTE[own >= 0 ? own : free[next++ % free.length]!]!;
  });
}

/** A name as a legend shows it: the lab's modes without underscores, others as they are. */
export function legendName(name: string): string {
  return LAB_MODES.includes(name) ? name.replaceAll('_', ' ') : name;
}

/** The channel that tells paths or runs apart: the field holds a name as a legend shows it. */
export function colourChannel(field: string, title: string, names: readonly string[]) {
  return {
    field,
    type: 'nominal',
    title,
    scale: { domain: names.map(legendName), range: colours(names) },
    legend: { symbolType: 'stroke', symbolStrokeWidth: 3, symbolSize: 400 },
  };
}
