import { type JsonObject, without } from './json.ts';

/** Field names of an Event in `events.k8s.io/v1`, each with its name in the core group. */
const CORE_NAMES: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};

const NEW_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CORE_NAMES).map(([inNewGroup, inCore]) => [inCore, inNewGroup]),
);

/** An Event of `events.k8s.io/v1` in the words of the core group, in which the store keeps all Events. */
export const toCoreEvent = <Event extends JsonObject>(event: Event): Event => renamed(event, CORE_NAMES);

/** An Event of the core group in the words of `events.k8s.io/v1`. */
export const toNewEvent = <Event extends JsonObject>(event: Event): Event => renamed(event, NEW_NAMES);

function renamed<Event extends JsonObject>(event: Event, names: Readonly<Record<string, string>>): Event {
  const old = Object.keys(event).filter((field) => field in names);
  const fresh = old.map((field) => [names[field]!, event[field]] as const);
  // The fields that Event names beyond those of every object (kind, metadata) are among those that keep their names.
  return { ...without(event, ...old), ...Object.fromEntries(fresh) } as Event;
}
