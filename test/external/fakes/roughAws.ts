import { type Door, doorTo, type Rejection } from './door.ts';

/** What EC2 has and other endpoints are known to lack. */
const UNKNOWN_ACTIONS: ReadonlySet<string> = new Set(['CreateFleet', 'DescribeSpotPriceHistory']);
const UNKNOWN_FILTERS = /^Filter\.\d+\.Name$/;
const REFUSED_FILTERS: ReadonlySet<string> = new Set(['client-token', 'instance-lifecycle']);

/** Parameters of which no notice is taken: a token makes no repeat harmless, and pages are as long as they come. */
const IGNORED: readonly string[] = ['ClientToken', 'MaxResults'];

/**
 * A door that makes EC2 of the rough kind out of the simulated one: no client tokens, no prices, fewer filters, spot
 * instances that run at once, and instances told with less, at times written in another way.
 */
export const roughAws = (url: string): Promise<Door> =>
  doorTo(url, {
    onRequest: ({ body }) => {
      const params = new URLSearchParams(body);
      const action = params.get('Action') ?? '';
      if (UNKNOWN_ACTIONS.has(action)) return refusal('InvalidAction', `The action ${action} is not valid`);
      const filter = [...params].find(([name, value]) => UNKNOWN_FILTERS.test(name) && REFUSED_FILTERS.has(value));
      if (filter !== undefined) return refusal('FilterNotImplemented', `The filter '${filter[1]}' is not implemented`);
      if (!IGNORED.some((name) => params.has(name))) return body;
      for (const name of IGNORED) params.delete(name);
      return params.toString();
    },
    onAnswer: ({ body: asked }, status, body) => {
      const action = new URLSearchParams(asked).get('Action');
      if (status !== 200 || (action !== 'RunInstances' && action !== 'DescribeInstances')) return body;
      return (action === 'RunInstances' ? body.replaceAll(PENDING, RUNNING) : body)
        .replaceAll(OMITTED, '')
        .replaceAll(LAUNCHED, (_, day: string, time: string) => `<launchTime>${day} ${time}123</launchTime>`);
    },
  });

const PENDING = /<code>0<\/code>\s*<name>pending<\/name>/g;
const RUNNING = '<code>16</code><name>running</name>';

/** Where an instance is, why it is in its state, and how it was bought. */
const OMITTED =
  /<(placement|stateReason|reason|networkInterfaceSet|instanceLifecycle|spotInstanceRequestId)>.*?<\/\1>|<(?:placement|stateReason|reason|networkInterfaceSet)\/>/gs;

/** `2026-03-02 08:00:00.123456`: as a database would print it. */
const LAUNCHED = /<launchTime>(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d\.\d{3})Z<\/launchTime>/g;

const refusal = (code: string, message: string): Rejection => ({
  status: 400,
  contentType: 'text/xml',
  body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
});
