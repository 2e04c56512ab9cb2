/** Viridis (van der Walt and Smith), at eleven even steps: dark is low loss. */
const VIRIDIS = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
] as const;

/** The colour at a share of the ramp from 0 to 1. */
export function colourAt(share: number): [number, number, number] {
  const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
  const low = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [from, to] = [VIRIDIS[low]!, VIRIDIS[low + 1]!];
  const mixed = [0, 1, 2].map((c) => from[c]! + (at - low) * (to[c]! - from[c]!));
  return mixed as [number, number, number];
}

/** A colour for each class, told apart by Tableau's palette; more classes come round again. */
const CLASSES = [
  '#4e79a7',
  '#f28e2b',
  '#e15759',
  '#76b7b2',
  '#59a14f',
  '#edc948',
  '#b07aa1',
  '#ff9da7',
  '#9c755f',
  '#bab0ac',
];

export const classColour = (label: number) => CLASSES[label % CLASSES.length]!;
