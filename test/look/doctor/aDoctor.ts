import { doctor } from '../../../src/look/doctor/doctor.ts';
import type { Finding } from '../../../src/look/doctor/finding.ts';
import { look } from '../../../src/look/look.ts';
import type { AFleet } from '../../support/aFleet.ts';
import { settingsFor } from '../readPoolsText.ts';

/** What the doctor finds in a fleet. */
export async function findingsOf(fleet: AFleet, text?: string): Promise<readonly Finding[]> {
  const settings = settingsFor(fleet, text);
  return doctor(await look(settings), { ...settings, release: '1.2.3' });
}

/** Findings as lines, those that are well left out. */
export const troubles = (findings: readonly Finding[], check?: string): readonly string[] =>
  findings
    .filter((one) => one.level !== 'ok' && (check === undefined || one.check === check))
    .map(({ level, check: name, subject = '', found }) => `${level} ${name} ${subject}: ${found}`);

export const failures = (findings: readonly Finding[]): readonly string[] =>
  troubles(findings).filter((line) => line.startsWith('fail'));
