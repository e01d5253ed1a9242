import type { Caller } from '../../src/live/aws/calls/call.ts';
import type { Kube } from '../../src/live/kubernetes/kubeClient.ts';
import { PATIENCE_MS } from './comesTrue.ts';

// Doors whose calls may take as long as a busy machine needs for them. What cuts a call off is tested at the doors themselves.

export const unhurried = (caller: Caller): Caller => ({
  call: (api, action, send, options = {}) => caller.call(api, action, send, { ...options, timeoutMs: PATIENCE_MS }),
  get inFlight() {
    return caller.inFlight;
  },
  get clockSkewMs() {
    return caller.clockSkewMs;
  },
});

export const unhurriedKube = (kube: Kube): Kube => ({
  config: kube.config,
  core: kube.core,
  coordination: kube.coordination,
  events: kube.events,
  authorization: kube.authorization,
  call: (action, send, options = {}) => kube.call(action, send, { ...options, timeoutMs: PATIENCE_MS }),
  get inFlight() {
    return kube.inFlight;
  },
});
