import { expect, it } from 'vitest';
import { settingFindings } from '../../../src/look/doctor/settings.ts';
import { aPoolConfig } from '../../support/aScenario.ts';

const usual = aPoolConfig();

const levelsOf = (scaling: string, surplus: 'drain' | 'keep') => {
  const policies = { ...usual.policies, scaling: { policy: scaling, options: {} } };
  return settingFindings({ fleet: 'test', pools: [{ ...usual, surplus, policies }] }).map(
    ({ check, subject, level }) => `${check} ${subject ?? ''}: ${level}`,
  );
};

it('doctor warns of surplus: keep in a pool that follows its jobs, for it keeps no idle block there', () => {
  expect(levelsOf('followJobs', 'keep')).toEqual(['surplus ci: warn']);
  expect(levelsOf('followJobs', 'drain')).toEqual([]);
  expect(levelsOf('scheduled', 'keep')).toEqual([]);
});
