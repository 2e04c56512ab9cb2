import type * as tf from '@tensorflow/tfjs';
import { replaceKernel, runShader } from './shader';

/**
 * Functions that WGSL, or tfjs' use of it, has only roughly: near 0 its log and exp are right to
 * 10⁻⁷ of 1, which is nothing of a small loss, and NaN may come out as a number.
 */
const FUNCTIONS = `
  // Σ sᵏ/k over odd k ≤ 15: to float32 for |s| ≤ 1/3.
  fn atanhSeries(s : f32) -> f32 {
    let q = s * s;
    return s * (1.0 + q * (1.0/3.0 + q * (1.0/5.0 + q * (1.0/7.0 + q * (1.0/9.0 +
      q * (1.0/11.0 + q * (1.0/13.0 + q / 15.0)))))));
  }
  fn logOf(a : f32) -> f32 {
    if (isnan(a) || a < 0.0) { return uniforms.NAN; }
    if (a == 0.0) { return -uniforms.INFINITY; }
    return log(a);
  }
  fn log1pOf(a : f32) -> f32 {
    if (a > -0.5 && a < 1.0) { return 2.0 * atanhSeries(a / (2.0 + a)); }
    return logOf(1.0 + a);
  }
  fn atanhOf(a : f32) -> f32 {
    if (abs(a) < 1.0/3.0) { return atanhSeries(a); }
    if (a == 1.0) { return uniforms.INFINITY; }
    if (a == -1.0) { return -uniforms.INFINITY; }
    return 0.5 * logOf((1.0 + a) / (1.0 - a));
  }
  fn expOf(a : f32) -> f32 {
    if (isnan(a)) { return a; }
    return exp(a);
  }
  // Σ aᵏ/k! over k ≤ 9: to float32 for |a| ≤ 1/2.
  fn expm1Of(a : f32) -> f32 {
    if (abs(a) > 0.5 || isnan(a)) { return expOf(a) - 1.0; }
    return a * (1.0 + a / 2.0 * (1.0 + a / 3.0 * (1.0 + a / 4.0 * (1.0 + a / 5.0 *
      (1.0 + a / 6.0 * (1.0 + a / 7.0 * (1.0 + a / 8.0 * (1.0 + a / 9.0))))))));
  }
  fn tanhOf(a : f32) -> f32 {
    if (isnan(a)) { return a; }
    let e = expm1Of(-2.0 * abs(a));
    return sign(a) * -e / (2.0 + e);
  }
  fn sigmoidOf(a : f32) -> f32 { return 1.0 / (1.0 + expOf(-a)); }
  fn eluOf(a : f32) -> f32 {
    if (a >= 0.0) { return a; }
    return expm1Of(a);
  }
  fn softplusOf(a : f32) -> f32 {
    if (isnan(a)) { return a; }
    return max(a, 0.0) + log1pOf(expOf(-abs(a)));
  }
`;

/** tfjs' kernels, and the function that each of them is now. */
const KERNELS = {
  Log: 'logOf',
  Log1p: 'log1pOf',
  Atanh: 'atanhOf',
  Exp: 'expOf',
  Expm1: 'expm1Of',
  Tanh: 'tanhOf',
  Sigmoid: 'sigmoidOf',
  Elu: 'eluOf',
  Softplus: 'softplusOf',
};

/** Makes functions of one number right to float32, for numbers near 0 and for NaN. */
export function repairFunctions(): void {
  for (const [kernelName, name] of Object.entries(KERNELS)) {
    replaceKernel(kernelName, ({ inputs, backend }) => {
      const x = inputs.x as tf.TensorInfo;
      const value = `${name}(f32(getXByOutputIndex(index)))`;
      return runShader(backend, { name, reads: ['X'], functions: FUNCTIONS, value }, [x], x.shape);
    });
  }
}
