import { z } from 'zod';
import { type Millis, seconds } from '../../../domain/time.ts';
import type { Kube, KubeAnswer } from '../kubeClient.ts';
import { type KubeObject, objectIn } from '../kubeObject.ts';
import { getJson } from './rawApi.ts';

/** Everything of one resource at one instant. */
export interface Listing<Item> {
  readonly resourceVersion: string;
  readonly items: readonly Item[];
}

/** What to list: the path of the resource, `/api/v1/pods`, and which of it. */
export interface ListRequest<Item> {
  /** The plural, for telemetry: `pods`. */
  readonly resource: string;
  readonly path: string;
  /** What is kept of each object. Throws for what is no object of the resource. */
  readonly keep: (object: KubeObject) => Item;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

/**
 * Lists a resource completely and consistently: in pages, without a resourceVersion, so that the API server may not
 * answer from what it remembers. One bad page or one object that cannot be read fails the whole list: a part is never
 * taken for all.
 */
export async function listAll<Item>(
  kube: Kube,
  { resource, path, keep, fieldSelector, signal }: ListRequest<Item>,
): Promise<KubeAnswer<Listing<Item>>> {
  const items: Item[] = [];
  let resourceVersion: string | undefined;
  let token = '';
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
    if (token !== '') query.set('continue', token);
    const answer = await kube.call(
      `list ${resource}`,
      async (cutOff) =>
        pageIn(await getJson(kube.config, { path: `${path}?${query.toString()}`, idleMs: PAGE_MS, signal: cutOff })),
      { timeoutMs: PAGE_MS, ...(signal !== undefined && { signal }) },
    );
    if (answer.kind === 'failed') return answer;
    try {
      // At once, so that of a large cluster never more than a page is held whole.
      for (const object of answer.value.items) items.push(keep(object));
    } catch (error) {
      return { kind: 'failed', class: 'malformed', message: String(error) };
    }
    resourceVersion ??= answer.value.resourceVersion;
    if (answer.value.token === '') return { kind: 'ok', value: { resourceVersion, items } };
    token = answer.value.token;
  }
  return { kind: 'failed', class: 'malformed', message: `a list of ${resource} that has no end` };
}

/** Large enough that a big cluster takes few calls. A page is held whole while it is read, and most of it is not kept. */
const PAGE_SIZE = 250;
/** No cluster has half a million pods or nodes; a server that never ends its list is broken. */
const MOST_PAGES = 1_000;
/** A page of pods is megabytes, and a server that is short of breath serves it slowly. */
const PAGE_MS: Millis = seconds(30);

interface Page {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
  readonly token: string;
}

const PAGE = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().nullish() }),
  // `null` is how a server in Go writes an empty list; a list that is left out is no list.
  items: z.array(z.unknown()).nullable(),
});

function pageIn(body: unknown): Page {
  const page = PAGE.safeParse(body);
  // The type of error tells the client's sorting that the answer was unreadable.
  if (!page.success) throw new TypeError('a list without its version or its items');
  const { metadata, items } = page.data;
  return {
    resourceVersion: metadata.resourceVersion,
    items: (items ?? []).map(objectIn),
    token: metadata.continue ?? '',
  };
}
