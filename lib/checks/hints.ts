/** What is told of a check on asking, one after the other; neither is the answer. */
export interface Hints {
  /** Where to look. */
  readonly where: string;
  /** Which formula is at work. */
  readonly formula: string;
}

const MINIMA: Hints = {
  where:
    'Each training begins at a clone of its own init. Look at the end of the history: is the loss ' +
    'still falling, so that more epochs would help, or does it jump, because the learning rate is ' +
    'not small yet? Which points are kept as the minima: those that the training ended at?',
  formula:
    'A step of SGD with momentum μ is v ← μ·v + g, w ← w − η·v. A cosine schedule has ' +
    'η(e) = η₀ · ½(1 + cos(π·e / E)) in epoch e of E, counted from 0.',
};

const BEND: Hints = {
  where:
    'Look at the history of the fit: it begins on the ridge. Does the mean loss fall, and is it level ' +
    'at the end? Where it jumps the learning rate is too large, where it still falls there are too ' +
    'few epochs. Is θ, and not an end or the middle, what is returned?',
  formula:
    'One step: draw t from U[0, 1] anew for each batch, then θ ← θ − η·∇_θ L(φ_θ(t)). Its mean over ' +
    'many steps goes down the gradient of E_t L(φ_θ(t)).',
};

/** By the task and the name of the check, in the order of the workbook. */
export const HINTS: Readonly<Record<string, Readonly<Record<string, Hints>>>> = {
  '1.1': { checkMinima: MINIMA },
  '1.2': {
    checkInterpolation: {
      where:
        'Look at both ends first: of which state dict must nothing be left at t = 1, and at t = 0? ' +
        'Then at how two tensors find each other, and at what happens to t outside of [0, 1].',
      formula: 'w(t)[name] = t · A[name] + (1 − t) · B[name], for every name and every real t.',
    },
    checkLines: {
      where:
        'For the ends: the table of modes, and which of the two comes first. For the figures: at which ' +
        'point the net is measured, in which order of t, on how many images, and which set is which.',
      formula:
        'At w = t·a + (1 − t)·b: loss = (1/N) Σᵢ −log p(yᵢ | xᵢ; w), accuracy = (1/N) · the number of ' +
        'images whose largest logit is at yᵢ; over all N images of train, and all of test.',
    },
  },
  '2.1': {
    checkChain: {
      where:
        'Take the halves apart. Each is a line, as in Task 1.2, between two of the three points, and is ' +
        'walked in half of the time. Which share of it lies behind you at t = ¼, and at t = ¾?',
      formula:
        'A line from p to q at the share s is (1 − s)·p + s·q. On the first half s goes evenly from 0 at ' +
        't = 0 to 1 at t = ½; on the second from 0 at t = ½ to 1 at t = 1.',
    },
  },
  '2.2': {
    checkBendGradient: {
      where:
        'Two things to look at: at which point the loss is taken, φ(t) or θ; and with respect to what ' +
        'tfjs differentiates. How far does φ(t) move when θ does, at an end, and at t = ½?',
      formula:
        '∇_θ L(φ_θ(t)) = ∂φ_θ(t)/∂θ · ∇_w L(w) at w = φ_θ(t). The first factor is a number: 0 at the ' +
        'ends, 1 at t = ½, and linear between.',
    },
    checkBend: BEND,
  },
  '2.3': {
    checkBasis: {
      where:
        'û may be u as it is. What of v lies along u must not stay in v̂. Does v begin at the same point ' +
        'as u? Is the inner product taken over all tensors together?',
      formula:
        'The part of v that lies along u is (⟨u, v⟩ / ⟨u, u⟩) · u; what is left of v is ⊥ u.',
    },
  },
  '2.4': {
    checkPlane: {
      where:
        'Look at the order: a row for each b, in it a number for each a. Then at the point: where the ' +
        'plane begins, and which of the two numbers goes with which direction. Then at the images.',
      formula:
        'trainLoss[j][i] = L(w₁ + as[i]·û + bs[j]·v̂), over all train images; so for the others.',
    },
  },
  '3.1': {
    checkNetworks: {
      where:
        'Compare each of your networks with the baseline: how many hidden layers, how many neurons in ' +
        'them, which nonlinearity? One change in one network tells most.',
      formula:
        'Deeper: numHidden above 1. Wider: hiddenDim above 64, in another network than the only deeper ' +
        'one. A sigmoid is σ(x) = 1/(1 + e⁻ˣ), by its name as a nonlinearity.',
    },
    checkMeasures: {
      where:
        'Look at which path, which set and which quantity each of the three is of, and whether its largest ' +
        'or its least value is asked for.',
      formula:
        'Barrier (a) is max_t L(t) − ½(L(0) + L(1)). The others are an extreme value over t of one list: ' +
        'of a loss the largest is the worst, of an accuracy the least.',
    },
  },
  '3.2': {
    checkMinima: MINIMA,
    checkStatistics: {
      where:
        'A mean of two running variances is the variance of no net. Which of the options of evaluatePath ' +
        'says where the statistics of a point come from?',
      formula:
        'At each t: μ(t) and σ²(t) are mean and variance of the layer’s inputs over the training images, ' +
        'in the net with the weights w(t); not (1 − t)·μ₁ + t·μ₂.',
    },
    checkBend: BEND,
  },
  '4.1a': {
    checkDifferenceProduct: {
      where:
        'Try it on paper where the gradient is A·w: what must come out, for every h? Count how often the ' +
        'gradient is asked for, at which points, and what the whole length of the walk between them is.',
      formula:
        'The central difference of a function f is (f(x + h) − f(x − h)) / 2h, here with f the gradient, ' +
        'component by component, along v: the points are w + h·v and w − h·v.',
    },
  },
  '4.1b': {
    checkPowerStep: {
      where:
        'Two things come back: is the value of the old v, and is next of length 1? Try v that is not ' +
        'of length 1, and an eigenvalue below 0. Is the product awaited?',
      formula: 'ρ(v) = ⟨v, Hv⟩ / ⟨v, v⟩, and v ← Hv / |Hv|.',
    },
  },
  '4.1c': {
    checkRescaling: {
      where:
        'Which row, which entry and which column belong to the neuron? Layers have a shape of ' +
        '[outputs, inputs], and numbers run along a row first. All others do not move.',
      formula:
        'The curve is α·(what goes in, bias too), (what goes out)/α. Its derivative at α = 1: of α·w it ' +
        'is w, of w/α it is −w.',
    },
  },
  '4.1d': {
    checkIndexOf: {
      where: 'Which sign curves down? What of an eigenvalue between −tolerance and tolerance?',
      formula: 'index = #{ i : λᵢ < −tolerance }.',
    },
  },
  '4.2a': {
    checkPermutation: {
      where:
        'Which tensors know the hidden neurons, and along which axis: as outputs of one layer, as ' +
        'inputs of the next? Is it order, or its inverse? Which tensor knows none of them?',
      formula:
        'With π = order: W₁′[i, :] = W₁[π(i), :], b₁′[i] = b₁[π(i)], W₂′[:, i] = W₂[:, π(i)]; b₂ stays.',
    },
  },
  '4.2b': {
    checkMatchingCosts: {
      where:
        'Is everything of a neuron in its row: what comes in, the bias, what goes out? Rows are of w₁, ' +
        'columns of w₂. The least sum is looked for: which sign has a likeness then?',
      formula: 'C[i][j] = −⟨aᵢ, bⱼ⟩, a sum over 784 + 1 + 10 products.',
    },
  },
  '4.2c': {
    checkBarrier: {
      where:
        'Which are the ends of a list, and what is subtracted where they are not equally high?',
      formula: 'B = max_t L(t) − ½·(L(0) + L(1)).',
    },
  },
  '4.2d': {
    checkBezierPoint: {
      where:
        'Put t = 0 and t = 1 in: which weights are left? At t = ½ the three coefficients are ¼, ½ and ¼. ' +
        'Is every tensor paired by its name?',
      formula: 'Σₖ C(2, k)·(1 − t)²⁻ᵏ·tᵏ·pₖ, with p₀ = w₁, p₁ = θ, p₂ = w₂, for each name.',
    },
  },
  '4.2e': {
    checkDisagreement: {
      where: 'Count the images, not the classes. A share lies between 0 and 1.',
      formula: '(1/N) · #{ i : aᵢ ≠ bᵢ }.',
    },
  },
};
