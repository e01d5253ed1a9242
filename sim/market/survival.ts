/** A named model of how long a market leaves its instances alone, with its parameters (hours unless said). */
export type SurvivalModel =
  /** Nothing is interrupted. */
  | { readonly model: 'none' }
  /** F(t) = A (1 - e^(-t/tau1) + e^((t-b)/tau2)), with a forced stop at 24 h. */
  | {
      readonly model: 'bathtub';
      readonly name: string;
      readonly a: number;
      readonly b: number;
      readonly tau1: number;
      readonly tau2: number;
    }
  /** A constant hazard, from the share reclaimed in a month (0 to 1). */
  | { readonly model: 'exponential'; readonly monthlyShare: number }
  /** A constant hazard, given outright. */
  | { readonly model: 'constant'; readonly hazardPerHour: number }
  /** Up and down runs of the recorded availability, drawn anew. */
  | { readonly model: 'recorded-run' };
