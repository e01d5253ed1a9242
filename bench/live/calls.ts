/** How often each call was made: `DescribeInstances` of AWS, `list pods` of Kubernetes. */
export type Calls = ReadonlyMap<string, number>;

/** The calls of two services in one table; their names do not collide. */
export const tally = (...of: readonly Calls[]): Calls => new Map(of.flatMap((calls) => [...calls]));

/** What was called since an earlier tally. */
export const since = (before: Calls, now: Calls): Calls =>
  new Map([...now].map(([call, count]) => [call, count - (before.get(call) ?? 0)]));

/** What was called beyond what would have been at rest. Never less than nothing: a busy minute may poll late. */
export const beyondRest = (calls: Calls, minutes: number, atRest: Calls, restMinutes: number): Calls =>
  new Map(
    [...calls].map(([call, count]) => [call, Math.max(0, count - ((atRest.get(call) ?? 0) / restMinutes) * minutes)]),
  );

/** How many of the calls are of a kind. */
export const countOf = (calls: Calls, is: (call: string) => boolean): number =>
  [...calls].reduce((sum, [call, count]) => sum + (is(call) ? count : 0), 0);

/** EC2 and Auto Scaling. */
export const isAws = (call: string): boolean => /^[A-Z]/.test(call);
export const isDescribe = (call: string): boolean => /^(?:Describe|Get)/.test(call);

/** What the budgets leave out: elections go on whatever the pools do, and watches begin anew every minute. */
export const isKubernetes = (call: string): boolean =>
  !isAws(call) && !call.endsWith(' leases') && !call.startsWith('watch ');
export const isList = (call: string): boolean => call.startsWith('list ');

/** What changes something, in either. */
export const isChange = (call: string): boolean =>
  isAws(call) ? !isDescribe(call) : isKubernetes(call) && !/^(?:list|get) /.test(call);

/** `3 list pods, 2 DescribeInstances`, the most frequent first, each as a share of `per`. */
export const wordsOf = (calls: Calls, per: number): string =>
  [...calls]
    .filter(([, count]) => count / per >= 0.01)
    .sort(([, one], [, other]) => other - one)
    .map(([call, count]) => `${(count / per).toFixed(1)} ${call}`)
    .join(', ');
