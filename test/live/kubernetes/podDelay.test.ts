import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { type DelayChange, heldUntil, isHeld, type PodDelay, released } from '../../../src/live/kubernetes/podDelay.ts';

const T0 = Date.parse('2026-05-11T08:00:00Z');
const holder = { fleet: 'ci', pool: 'big' };
const FRESH = { value: undefined, mark: undefined };

const podWith = (delay: Partial<PodDelay> = {}) => ({ createdAt: T0, delay: { ...FRESH, ...delay } });
const after = (change: DelayChange | undefined, delay: PodDelay): PodDelay =>
  change === undefined
    ? delay
    : {
        value: POD_MARK.delay in change ? (change[POD_MARK.delay] ?? undefined) : delay.value,
        mark: POD_MARK.held in change ? (change[POD_MARK.held] ?? undefined) : delay.mark,
      };
const held = (delay: Partial<PodDelay>, untilMs: number, { mostMs = minutes(5), nowMs = seconds(2) } = {}) =>
  heldUntil(podWith(delay), holder, { until: T0 + untilMs, mostMs, now: T0 + nowMs });

describe('a pod that is held', () => {
  it('bears the seconds from its creation, rounded up, and our mark', () => {
    expect(held({}, 144_001)).toEqual({ [POD_MARK.delay]: '145s', [POD_MARK.held]: 'ci/big 145s' });
  });

  it('is held for no longer than the cap, which is rounded down', () => {
    expect(held({}, minutes(9), { mostMs: 300_900 })).toMatchObject({ [POD_MARK.delay]: '300s' });
  });

  it('is not written on where the cap has passed, or the hold would be over', () => {
    expect(held({}, minutes(9), { nowMs: minutes(5) })).toBeUndefined();
    expect(held({}, seconds(20), { nowMs: seconds(20) })).toBeUndefined();
    expect(
      heldUntil({ ...podWith(), createdAt: undefined }, holder, { until: T0, mostMs: 1, now: T0 }),
    ).toBeUndefined();
  });

  it('is extended, but not for a few seconds as long as it is held for long enough', () => {
    const ours = { value: '20s', mark: 'ci/big 20s' };
    expect(held(ours, seconds(240))).toMatchObject({ [POD_MARK.delay]: '240s' });
    expect(held(ours, seconds(20))).toBeUndefined();
    expect(held(ours, seconds(15))).toBeUndefined();
    expect(held(ours, seconds(25))).toBeUndefined();
    expect(held(ours, seconds(25), { nowMs: seconds(12) })).toMatchObject({ [POD_MARK.delay]: '25s' });
  });

  it.each(['3m', '2m30s', '0.05h', '180000ms', '+180s'])('keeps a delay of its user that is longer: %s', (value) => {
    expect(held({ value }, seconds(145))).toBeUndefined();
  });

  it.each(['10s', '500ms', 'soon', '-5m', ''])('gets back the shorter delay that stood there: %o', (value) => {
    const change = held({ value }, seconds(145));
    expect(change).toMatchObject({ [POD_MARK.delay]: '145s' });
    const pod = podWith(after(change, { value, mark: undefined }));
    expect(released(pod, 'ci')).toEqual({ [POD_MARK.delay]: value, [POD_MARK.held]: null });
    // And still does after it was extended.
    const extended = podWith(after(held(pod.delay, seconds(240)), pod.delay));
    expect(released(extended, 'ci')).toEqual({ [POD_MARK.delay]: value, [POD_MARK.held]: null });
  });

  it('counts as long as its delay is not over', () => {
    const pod = podWith({ value: '20s', mark: 'ci/big 20s' });
    expect([0, 19, 20].map((age) => isHeld(pod, 'ci', T0 + seconds(age)))).toEqual([true, true, false]);
    expect(isHeld(podWith({ value: '20s' }), 'ci', T0)).toBe(false);
    expect(isHeld(pod, 'other', T0)).toBe(false);
  });
});

describe('a delay that someone wrote after us', () => {
  const changed = { value: '4m', mark: 'ci/big 145s 10s' };

  it('stays: of the release only our mark goes', () => {
    expect(released(podWith(changed), 'ci')).toEqual({ [POD_MARK.held]: null });
    expect(isHeld(podWith(changed), 'ci', T0)).toBe(false);
  });

  it('is theirs to come back where a longer hold is needed', () => {
    expect(held(changed, seconds(200))).toBeUndefined();
    expect(held(changed, seconds(290))).toEqual({ [POD_MARK.delay]: '290s', [POD_MARK.held]: 'ci/big 290s 4m' });
  });

  it('may be that they took it away', () => {
    expect(held({ mark: 'ci/big 145s 10s' }, seconds(145))).toMatchObject({ [POD_MARK.held]: 'ci/big 145s' });
  });
});

it('leaves the pods of another fleet, and marks that nobody can read, as they are', () => {
  for (const mark of ['nightly/big 145s', 'x', '']) {
    expect(held({ value: '145s', mark }, seconds(290))).toBeUndefined();
    expect(released(podWith({ value: '145s', mark }), 'ci')).toBeUndefined();
  }
});

it('puts back whatever stood there, letter by letter, after any number of extensions', () => {
  fc.assert(
    fc.property(
      fc.option(fc.string(), { nil: undefined }),
      fc.array(fc.integer({ min: 3, max: 400 })),
      (value, ends) => {
        let delay: PodDelay = { value, mark: undefined };
        for (const end of ends) delay = after(held(delay, seconds(end)), delay);
        expect(after(released({ delay }, 'ci'), delay)).toEqual({ value, mark: undefined });
      },
    ),
  );
});
