import { MARK } from './marks.ts';
import type { Taint } from './nodeTaint.ts';

/** What keeps jobs off the blocks of a pool with `routing: tolerating`, but for those that are routed there. */
export const routingTaint = (pool: string): Taint => ({ key: MARK.routing, value: pool, effect: 'NoSchedule' });
