import { V1ConfigMap, V1ObjectMeta } from '@kubernetes/client-node';
import { z } from 'zod';
import { LONGEST_CALL_MS } from '../election/leadership.ts';
import type { Kube, KubeAnswer, KubeFailure } from '../kubeClient.ts';
import { type LedgerState, ledgerStateShape } from './ledgerState.ts';

/** The ConfigMap that holds a fleet's ledger. Kubernetes Events about its pools are told of it too. */
export const ledgerNameOf = (fleet: string): string => `spot-keeper-${fleet}`;

/** What stands in the ledger, and who wrote it. */
export interface LedgerDocument {
  readonly writer: {
    readonly identity: string;
    readonly term: number;
    /** Names one opening of the ledger, whatever identities and terms may repeat. */
    readonly opening: string;
  };
  /** Counts the writer's writes, so that one whose answer was lost is recognised. */
  readonly write: number;
  readonly state: LedgerState;
}

/** A ledger as it was read or written: the document, and the object with the resourceVersion that guards the next write. */
export interface StoredLedger {
  readonly document: LedgerDocument;
  /** What pools have seen, as text that the ledger does not look into; undefined where it was never written. */
  readonly observations: string | undefined;
  readonly object: V1ConfigMap;
}

export interface LedgerObject {
  /** Fails with `not-found` where there is none, and with `malformed` for anything that is not wholly a ledger. */
  read(): Promise<KubeAnswer<StoredLedger>>;
  /**
   * Writes over what was read, or creates the object; `conflict` if another writer was faster. `text` is of `textOf`;
   * `observations` stay as they are where they are left out.
   */
  write(over: StoredLedger | undefined, text: string, observations?: string): Promise<KubeAnswer<StoredLedger>>;
}

const KEY = 'ledger.json';

/**
 * Beside the ledger and not in it: a ledger is wholly readable or not at all, and what pools have seen must not be what a launch
 * fails by. A release that does not know the key leaves it as it is.
 */
const OBSERVATIONS_KEY = 'observations.json';

export function ledgerObject({
  kube,
  namespace,
  fleet,
}: {
  readonly kube: Kube;
  readonly namespace: string;
  readonly fleet: string;
}): LedgerObject {
  const { core } = kube;
  const name = ledgerNameOf(fleet);
  const stored = (answer: KubeAnswer<V1ConfigMap>): KubeAnswer<StoredLedger> =>
    answer.kind === 'failed' ? answer : ledgerIn(answer.value, `${namespace}/${name}`, fleet);
  return {
    read: async () =>
      stored(
        await kube.call('get configmaps', () => core.readNamespacedConfigMap({ namespace, name }), {
          timeoutMs: LONGEST_CALL_MS,
        }),
      ),
    write: async (over, text, observations) => {
      const labels = { 'app.kubernetes.io/managed-by': 'spot-keeper' };
      const metadata = over?.object.metadata ?? Object.assign(new V1ObjectMeta(), { namespace, name, labels });
      const body = Object.assign(new V1ConfigMap(), over?.object, {
        metadata,
        data: {
          ...over?.object.data,
          [KEY]: text,
          ...(observations === undefined ? {} : { [OBSERVATIONS_KEY]: observations }),
        },
      });
      // Cut off as every mutating call of a leader is, so that none is on its way when the next one leads.
      const options = { timeoutMs: LONGEST_CALL_MS, mutating: true };
      return stored(
        over === undefined
          ? await kube.call('create configmaps', () => core.createNamespacedConfigMap({ namespace, body }), options)
          : await kube.call(
              'update configmaps',
              () => core.replaceNamespacedConfigMap({ namespace, name, body }),
              options,
            ),
      );
    },
  };
}

/** The text of a document as it stands in the object. */
export const textOf = (fleet: string, { writer, write, state }: LedgerDocument): string =>
  JSON.stringify({ version: 1, fleet, writer, write, state });

const documentShape = z.strictObject({
  version: z.literal(1),
  fleet: z.string(),
  writer: z.strictObject({ identity: z.string(), term: z.int(), opening: z.string() }),
  write: z.int(),
  state: ledgerStateShape,
});

/** The ledger that a ConfigMap holds, wholly, or why it holds none. */
export function ledgerIn(object: V1ConfigMap, place: string, fleet: string): KubeAnswer<StoredLedger> {
  // The library hands on what came, whatever its types promise.
  if (!object.metadata?.resourceVersion)
    return { kind: 'failed', class: 'malformed', message: 'an answer that is no ConfigMap' };
  const read = documentShape.safeParse(jsonIn(object.data?.[KEY]));
  if (!read.success) return unreadable(place, z.prettifyError(read.error).replaceAll('\n', ' '));
  if (read.data.fleet !== fleet) return unreadable(place, `it is the ledger of fleet ${read.data.fleet}`);
  return { kind: 'ok', value: { document: read.data, observations: object.data?.[OBSERVATIONS_KEY], object } };
}

const unreadable = (place: string, why: string): KubeFailure => ({
  kind: 'failed',
  class: 'malformed',
  message:
    `ConfigMap ${place} holds no readable ledger under ${KEY} (${why.slice(0, 200)}). Restore it, or delete the ConfigMap: ` +
    'a new one is then made, and what runs is found again by its tags',
});

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
