export { linearAssignment } from './assignment';
export { type NeuronGroup, neuronGroups, type Place } from './groups';
export { matchActivations } from './matchActivations';
export { type Matching, type MatchOptions, matchWeights } from './matchWeights';
export { type Permutations, permute } from './permute';
export { repair } from './repair';
