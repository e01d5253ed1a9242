import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { nothingBeside } from '../../src/config/beside.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { readPools } from '../../src/config/readPools.ts';

const beside = { ...nothingBeside, text: (path: string) => ({ text: path === 'empty.jsonl' ? '' : '{}\nMonday\n' }) };

/** What is said of a pool with these lines, without the place in the text. */
function saidOf(...lines: readonly string[]): readonly string[] {
  const own = (key: string): boolean => lines.some((line) => line.startsWith(`${key}:`));
  const usual = ['lease: { duration: 4h }', 'operatingHours: { policy: always, blocks: 4 }'];
  const all = [...usual.filter((line) => !own(line.split(':')[0] ?? '')), ...lines];
  const text = [
    ...['version: 1', 'fleet: demo', 'pools:', '  - name: ci', '    template: { autoScalingGroup: ci-on-demand }'],
    ...['    instanceTypes: [m5.large]', '    zones: [us-east-1a]', ...all.map((line) => `    ${line}`), ''],
  ].join('\n');
  try {
    readPools(text, 'pools.yaml', catalogue, beside);
    return [];
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.mistakes.map(({ path = '', message }) => `${path.replace('pools[0].', '')}: ${message}`);
  }
}

describe('Mistakes in a pool are said with what was expected and what was found', () => {
  it.each([
    ['headroom: 1.5', 'headroom: expected a whole number or a mapping such as { service: … }, found 1.5'],
    ['headroom: lots', 'headroom: expected a whole number or a mapping such as { service: … }, found "lots"'],
    ['headroom: .nan', 'headroom: expected a whole number or a mapping such as { service: … }, found .nan'],
    ['headroom: { service: 80 }', 'headroom.service: expected a number of at most 0.999, found 80'],
    ['atLeast: -.inf', 'atLeast: expected a whole number, found -.inf'],
    ['atLeast: 1e300', 'atLeast: expected a number of at most 1000, found 1e+300'],
  ])('followJobs, %s', (option, message) => {
    expect(saidOf(`scaling: { policy: followJobs, ${option} }`)).toEqual([`scaling.${message}`]);
  });

  it.each([
    [
      'lease: { duration: 4h, term: [spot, ondemand] }',
      'lease.term[1]: expected one of spot-block, spot, on-demand, found "ondemand" (did you mean "on-demand"?)',
    ],
    ['scaling: followJobs', 'scaling: expected { policy: followJobs }, found "followJobs"'],
    ['operatingHours: always', 'operatingHours: expected { policy: always }, found "always"'],
    ['renewal: [surge]', 'renewal: expected a mapping such as { policy: … }, found a list'],
    [
      'scaling: { policy: withinBudget, perDay: 3, inner: learned }',
      'scaling.inner: expected { policy: learned }, found "learned"',
    ],
    ['launchRate: 20', 'launchRate: expected a mapping such as { launches: …, per: … }, found 20'],
    ['surge: .nan', 'surge: expected a whole number, found .nan'],
    ['surge: 1e300', 'surge: expected a number of at most 1000, found 1e+300'],
  ])('%s', (line, message) => {
    expect(saidOf(line)).toEqual([message]);
  });

  it('each line of a file of weeks, and a file without any', () => {
    expect(saidOf('scaling: { policy: learned, from: empty.jsonl }')).toEqual([
      expect.stringMatching(/^scaling\.from: empty\.jsonl: expected a week a line, as `.*`.*, found an empty file$/),
    ]);
    expect(saidOf('scaling: { policy: learned, from: weeks.jsonl }')).toEqual([
      expect.stringMatching(/^scaling\.from: weeks\.jsonl:1: expected a week a line.*, found policy wrong or missing$/),
      expect.stringMatching(/^scaling\.from: weeks\.jsonl:2: .*, found text that is no JSON: "Monday"$/),
    ]);
  });
});

describe('Settings that contradict one another are refused', () => {
  const beyond = "expected at most 3, the pool's maxBlocks: lower this or raise that, found 5";

  it.each(['atLeast', 'headroom'])('%s, above what the pool may have', (option) => {
    expect(saidOf('maxBlocks: 3', `scaling: { policy: followJobs, ${option}: 5 }`)).toEqual([
      `scaling.${option}: ${beyond}`,
    ]);
    expect(saidOf('maxBlocks: 5', `scaling: { policy: followJobs, ${option}: 5 }`)).toEqual([]);
    expect(saidOf(`scaling: { policy: followJobs, ${option}: 101 }`)).toHaveLength(1);
  });

  it('also in a policy within another', () => {
    const inner = 'inner: { policy: learned, atLeast: 5 }';
    expect(saidOf('maxBlocks: 3', `scaling: { policy: withinBudget, perDay: 9, ${inner} }`)).toEqual([
      `scaling.inner.atLeast: ${beyond}`,
    ]);
  });

  it('a day that may cost more than its month', () => {
    expect(saidOf('scaling: { policy: withinBudget, perDay: 90, perMonth: 60 }')).toEqual([
      'scaling.perDay: expected at most what perMonth allows in a whole month: a day that may cost more is never held to it, found 90',
    ]);
  });
});
