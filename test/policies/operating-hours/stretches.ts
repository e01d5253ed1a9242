import { type Instant, isoOf } from '../../../src/domain/time.ts';
import type { OperatingHoursPolicy } from '../../../src/policy/operatingHours.ts';

/** What a policy wants from one instant to another, by following `until`: `2026-03-02T08:00Z 15`, a line a stretch. */
export function stretches(policy: OperatingHoursPolicy, from: string, to: string): readonly string[] {
  const lines: string[] = [];
  for (let at: Instant = Date.parse(from); at < Date.parse(to); ) {
    const { blocks, until } = policy.allowedAt(at);
    lines.push(`${isoOf(at).replace(/:00\.000Z$/, 'Z')} ${blocks}`);
    at = until;
  }
  return lines;
}
