import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { poolsFileOf, readPools } from '../../src/config/readPools.ts';
import { after, hours, minutes } from '../../src/domain/time.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import { lengthOf } from '../../src/policy/options.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aCatalogue, aPoolsText } from './aCatalogue.ts';

const read = (text: string): PoolsFile => readPools(text, 'pools.yaml', aCatalogue);

/** The lines a person would see. */
const complaints = (text: string): readonly string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof BadInput) return error.message.split('\n');
    throw error;
  }
};

describe('a pools.yaml', () => {
  it('needs only what nobody can guess; the rest has defaults', () => {
    expect(read(aPoolsText).pools[0]).toEqual({
      name: 'ci',
      template: { autoScalingGroup: 'ci-on-demand' },
      instanceTypes: ['m5.2xlarge'],
      zones: ['us-east-1a', 'us-east-1b'],
      lease: { term: 'spot', durationMs: hours(4), overrunMs: hours(24) },
      policies: {
        operatingHours: { policy: 'always', options: { blocks: 3 } },
        scaling: { policy: 'scheduled', options: {} },
        renewal: { policy: 'surge', options: {} },
        purchase: { policy: 'cheapest', options: {} },
      },
      surge: 2,
      maxUnavailable: 1,
      maxBlocks: 100,
      launchRate: { launches: 20, perMs: minutes(5) },
      coolingMs: minutes(5),
      quoteMs: minutes(10),
      surplus: 'drain',
      holdsJobs: true,
      timeouts: {
        ...{ launchMs: minutes(5), joinMs: minutes(15), restMs: minutes(3), terminateMs: minutes(5) },
        evictMs: minutes(15),
      },
    });
  });

  it('says how long jobs may outlast a lease, from not at all to days', () => {
    const overrun = (text: string) => aPoolsText.replace('duration: 4h', `duration: 4h, overrun: ${text}`);
    expect(read(overrun('0s')).pools[0]?.lease.overrunMs).toBe(0);
    expect(read(overrun('2d')).pools[0]?.lease.overrunMs).toBe(hours(48));
    expect(complaints(overrun('31d'))).toEqual([
      'pools.yaml:8:37: pools[0].lease.overrun: expected a length from 0s to 30d, found "31d"',
    ]);
  });

  it('is told every mistake at once, in the order of the file', () => {
    const text = aPoolsText
      .replace('version: 1', 'version: 2')
      .replace('lease: { duration: 4h }', 'lease: { duration: 5x }\n    maxBlocks: 5000')
      .replace('blocks: 3', 'blocks: -1');
    expect(complaints(text)).toEqual([
      'pools.yaml:1:10: version: expected 1, found 2',
      'pools.yaml:8:24: pools[0].lease.duration: expected a length such as "90s", "5m" or "1h30m", found "5x"',
      'pools.yaml:9:16: pools[0].maxBlocks: expected a number of at most 1000, found 5000',
      'pools.yaml:10:47: pools[0].operatingHours.blocks: expected a number of at least 0, found -1',
    ]);
  });

  it('says what is missing at the place that lacks it', () => {
    expect(complaints(aPoolsText.replace('    zones: [us-east-1a, us-east-1b]\n', ''))).toEqual([
      'pools.yaml:4:5: pools[0].zones: expected a list, found nothing',
    ]);
  });

  it.each([
    ['surge: 2', 'sturge: 2', 'sturge: unknown key "sturge" (did you mean "surge"?)'],
    ['', 'quote_age: 5m', 'quote_age: unknown key "quote_age" (did you mean "quoteAge"?)'],
  ])('points at an unknown key and guesses what was meant (%s)', (_, line, complaint) => {
    expect(complaints(`${aPoolsText}    ${line}\n`)).toEqual([`pools.yaml:10:5: pools[0].${complaint}`]);
  });

  it('names the policies there are, and the likely one', () => {
    expect(complaints(aPoolsText.replace('policy: always', 'policy: alway'))).toEqual([
      'pools.yaml:9:31: pools[0].operatingHours.policy: expected one of always, picky, found "alway" (did you mean "always"?)',
    ]);
  });

  it('holds a policy to its own options, at their place in the file', () => {
    const renewal = `    renewal:\n      policy: surge\n      lead: 5\n      overlap: 5m\n`;
    expect(complaints(aPoolsText + renewal)).toEqual([
      'pools.yaml:12:13: pools[0].renewal.lead: expected a length of time such as 90s, 5m or 1h30m, found 5',
      'pools.yaml:13:7: pools[0].renewal.overlap: unknown key "overlap"; known are lead',
    ]);
  });

  it('reports what a policy says when it is made', () => {
    expect(complaints(aPoolsText.replace('policy: always, blocks: 3', 'policy: picky'))).toEqual([
      'pools.yaml:9:21: pools[0].operatingHours: the policy picky says: no windows on a Sunday',
    ]);
  });

  it.each(['1h', '6h'])('may ask for a spot block of %s', (duration) => {
    const text = aPoolsText.replace('duration: 4h', `term: spot-block, duration: ${duration}`);
    expect(read(text).pools[0]?.lease.term).toBe('spot-block');
  });

  it('takes a list of terms, each once', () => {
    const withTerms = (terms: string) => aPoolsText.replace('duration: 4h', `term: ${terms}, duration: 4h`);
    expect(read(withTerms('[spot, on-demand]')).pools[0]?.lease.term).toEqual(['spot', 'on-demand']);
    expect(complaints(withTerms('[spot, spot]'))).toEqual([expect.stringContaining('"spot" stands in the list twice')]);
    expect(complaints(withTerms('[]'))).toHaveLength(1);
    expect(complaints(withTerms('spott'))).toHaveLength(1);
    expect(complaints(aPoolsText.replace('duration: 4h', 'term: [spot, spot-block], duration: 90m'))).toEqual([
      expect.stringContaining('expected one of 1h, 2h, 3h, 4h, 5h, 6h for a spot block'),
    ]);
  });

  it.each(['30m', '90m', '7h'])('may not ask for a spot block of %s, which was never sold', (duration) => {
    expect(complaints(aPoolsText.replace('duration: 4h', `term: spot-block, duration: ${duration}`))).toEqual([
      `pools.yaml:8:42: pools[0].lease.duration: expected one of 1h, 2h, 3h, 4h, 5h, 6h for a spot block, found "${duration}"`,
    ]);
  });

  it('keeps names apart: none twice, none that reads like a place in another pool', () => {
    const again = aPoolsText.slice(aPoolsText.indexOf('  - name'));
    const text = aPoolsText + again + again.replace('name: ci', 'name: ci-1');
    expect(complaints(text)).toEqual([
      'pools.yaml:10:11: pools[1].name: expected a name of its own, found "ci" again',
      'pools.yaml:16:11: pools[2].name: "ci-1" reads like slot 1 of pool "ci": choose another name',
    ]);
  });

  it('refuses zone IDs, which mean another zone in every account', () => {
    expect(complaints(aPoolsText.replace('us-east-1b', 'use1-az4'))).toEqual([
      'pools.yaml:7:25: pools[0].zones[1]: expected an availability zone by name such as us-east-1a, found "use1-az4"',
    ]);
  });

  it('reads any length it accepts to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: minutes(1), max: hours(24 * 30) }), (durationMs) => {
        const text = aPoolsText.replace('duration: 4h', `duration: ${lengthOf(durationMs)}`);
        expect(read(text).pools[0]?.lease.durationMs).toBe(durationMs);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a PoolsFile', () => {
  const written = read(`${aPoolsText}    renewal: { policy: surge, lead: 1h }\n`);

  it('comes back from JSON as it was', () => {
    expect(poolsFileOf(JSON.parse(JSON.stringify(written)), 'week.jsonl', aCatalogue)).toEqual(written);
  });

  it('that was tampered with is refused, with paths', () => {
    const [pool] = written.pools;
    const choice = { policy: 'surge', options: { lead: '1x' } };
    const tampered = { ...written, pools: [{ ...pool, surge: -1, policies: { ...pool?.policies, renewal: choice } }] };
    expect(() => poolsFileOf(tampered, 'week.jsonl', aCatalogue)).toThrow(
      [
        'week.jsonl: pools[0].surge: expected a number of at least 0, found -1',
        'week.jsonl: pools[0].policies.renewal.options.lead: expected a length such as "90s", "5m" or "1h30m", found "1x"',
      ].join('\n'),
    );
  });

  it('becomes pools whose policies know their options', () => {
    const [pool] = poolsOf(written, aCatalogue);
    expect(pool?.spec.leaseMs).toBe(hours(4));
    expect(pool?.policies.operatingHours.allowedAt(0).blocks).toBe(3);
    const lease = {
      instanceId: 'i-1',
      offer: { instanceType: 'm5.2xlarge', zone: 'us-east-1a', term: 'spot', durationMs: hours(4), usdPerHour: 0.1 },
      startsAt: 0,
      expiresAt: after(0, hours(4)),
      hardEndAt: after(0, hours(4)),
    } as const;
    const question = {
      now: 0,
      slot: 0,
      lease,
      allowance: { blocks: 3, until: 1 },
      next: { blocks: 3, until: 1 },
      market: unseenMarket,
      spec: { leaseMs: 1, surge: 2, overrunMs: 0 },
      hardEnd: false,
      jobs: { running: 0 },
    };
    expect(pool?.policies.renewal.timesFor(question).drainAt).toBe(after(0, hours(3)));
  });
});
