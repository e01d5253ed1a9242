import { z } from 'zod';
import { type Millis, seconds } from '../../domain/time.ts';
import type { Kube, KubeAnswer } from './kubeClient.ts';
import { type KubeObject, objectIn } from './kubeObject.ts';
import { getJson } from './rawApi.ts';

/** Everything of one resource at one instant. */
export interface Listing {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
}

/** What to list: the path of the resource, `/api/v1/pods`, and which of it. */
export interface ListRequest {
  /** The plural, for telemetry: `pods`. */
  readonly resource: string;
  readonly path: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

/**
 * Lists a resource completely and consistently: in pages, without a resourceVersion, so that the API server may not
 * answer from what it remembers. One bad page or one object that cannot be read fails the whole list: a part is never
 * taken for all.
 */
export async function listAll(
  kube: Kube,
  { resource, path, fieldSelector, signal }: ListRequest,
): Promise<KubeAnswer<Listing>> {
  const items: KubeObject[] = [];
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
    items.push(...answer.value.items);
    resourceVersion ??= answer.value.resourceVersion;
    if (answer.value.token === '') return { kind: 'ok', value: { resourceVersion, items } };
    token = answer.value.token;
  }
  return { kind: 'failed', class: 'malformed', message: `a list of ${resource} that has no end` };
}

/** Large enough that a big cluster takes few calls, small enough for the server and for this process to hold a page. */
const PAGE_SIZE = 500;
/** No cluster has half a million pods or nodes; a server that never ends its list is broken. */
const MOST_PAGES = 1_000;
/** A page of 500 pods is several megabytes, and a server that is short of breath serves it slowly. */
const PAGE_MS: Millis = seconds(30);

interface Page {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
  readonly token: string;
}

const PAGE = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().nullish() }),
  items: z.array(z.unknown()),
});

function pageIn(body: unknown): Page {
  const page = PAGE.safeParse(body);
  // The type of error tells the client's sorting that the answer was unreadable.
  if (!page.success) throw new TypeError('a list without its version or its items');
  const { metadata, items } = page.data;
  return { resourceVersion: metadata.resourceVersion, items: items.map(objectIn), token: metadata.continue ?? '' };
}
