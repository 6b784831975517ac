import type { Coefficients } from './payload';
import type { PartValues } from './tokenValues';

export interface TokenCoefficient {
  value: number;
  error: number | null;
  /** Whether the true error is at most that: without batch means of the token it is not known how its excess and λ̂ vary together. */
  bound: boolean;
}

/** λ̂ of single tokens, nβ·E[ℓ − ℓ(w*)] = λ̂ + nβ·S. */
export class TokenCoefficients {
  constructor(
    private readonly coefficients: Coefficients,
    private readonly excess: PartValues,
    /** Standard errors from batch means, NaN for tokens that have none; null where the run keeps none. */
    private readonly errors: readonly Float32Array[] | null,
  ) {}

  /** That of a component at a token; null where the component has no estimate. */
  of(component: number, token: number): TokenCoefficient | null {
    const { nbeta, lambda } = this.coefficients;
    const own = lambda.values[component];
    const excess = this.excess.values[component][token];
    if (own === null || !Number.isFinite(excess)) {
      return null;
    }
    const value = own + nbeta * excess;
    const joint = this.errors?.[component][token] ?? NaN;
    if (Number.isFinite(joint)) {
      return { value, error: joint, bound: false };
    }
    const ownError = lambda.errors[component];
    const error = ownError === null ? NaN : ownError + nbeta * this.excess.errors[component][token];
    return { value, error: Number.isFinite(error) ? error : null, bound: true };
  }
}
