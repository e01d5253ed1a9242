import type { Millis } from '../domain/time.ts';
import type { Caller } from '../live/aws/calls/call.ts';
import type { Kube } from '../live/kubernetes/kubeClient.ts';

/** The doors of one look: every call through them has ended by the time that the signal fires. */
export interface Patience {
  readonly caller: Caller;
  readonly kube: Kube;
  /** Fires when nobody waits for an answer any longer. */
  readonly signal: AbortSignal;
}

/**
 * Doors for somebody who waits at a terminal: what has no answer within so much time is unknown. Real time is meant, for
 * it is a person who waits.
 */
export function patient(caller: Caller, kube: Kube, patienceMs: Millis): Patience {
  const signal = AbortSignal.timeout(patienceMs);
  // One request in three that hangs must leave time for another.
  const mostMs = Math.ceil(patienceMs / 2);
  return {
    signal,
    caller: {
      call: (api, action, send, options = {}) =>
        caller.call(api, action, send, {
          ...options,
          signal,
          timeoutMs: Math.min(mostMs, options.timeoutMs ?? mostMs),
        }),
      get inFlight() {
        return caller.inFlight;
      },
      get clockSkewMs() {
        return caller.clockSkewMs;
      },
    },
    kube: {
      config: kube.config,
      core: kube.core,
      coordination: kube.coordination,
      events: kube.events,
      authorization: kube.authorization,
      call: (action, send, options = {}) => kube.call(action, send, { ...options, signal, timeoutMs: patienceMs }),
      get inFlight() {
        return kube.inFlight;
      },
    },
  };
}
