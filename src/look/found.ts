import type { KubeAnswer } from '../live/kubernetes/kubeClient.ts';

/** What was looked for, or why nobody knows it now: an answer that did not come is never taken for "nothing there". */
export type Found<Value> =
  | { readonly kind: 'known'; readonly value: Value }
  | { readonly kind: 'unknown'; readonly why: string };

export const known = <Value>(value: Value): Found<Value> => ({ kind: 'known', value });

export const unknown = (why: string): { readonly kind: 'unknown'; readonly why: string } => ({ kind: 'unknown', why });

/** An answer of the API server as something that was found; a failure keeps its class before its words. */
export const foundIn = <Value>(answer: KubeAnswer<Value>): Found<Value> =>
  answer.kind === 'ok' ? known(answer.value) : unknown(`${answer.class}: ${answer.message}`);
