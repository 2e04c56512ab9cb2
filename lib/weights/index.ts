export {
  add,
  clone,
  cosine,
  dot,
  equal,
  linearCombination,
  mapStateDict,
  norm,
  requireFiniteWeights,
  scale,
  subtract,
} from './arithmetic';
export { fingerprint } from './fingerprint';
export { loadStateDict, type Metadata, saveStateDict } from './safetensors';
export {
  disposeStateDict,
  isBuffer,
  parameterCount,
  requireSameStructure,
  type StateDict,
  tensorOf,
  withBuffers,
} from './stateDict';
