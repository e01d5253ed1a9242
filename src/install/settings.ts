import { BadInput } from '../config/mistakes.ts';
import { DEFAULT_LIVE, type LiveConfig, type PoolsFile } from '../config/pools.ts';
import { type Partition, partitionOf } from './partition.ts';

/** What an operator may say about the cluster and the account; what is left out is derived, or a marked placeholder. */
export interface GivenSettings {
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly image?: string | undefined;
  readonly identity?: Identity | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly cluster?: string | undefined;
  readonly keeperRole?: string | undefined;
  readonly nodeRole?: string | undefined;
  readonly amis?: readonly string[] | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  readonly launchTemplates?: readonly string[] | undefined;
  readonly keyPairs?: readonly string[] | undefined;
  readonly monitoringNamespace?: string | undefined;
  readonly jobNamespaces?: readonly string[] | undefined;
}

/** How the pods get their AWS role: by an association that EKS keeps, or by an annotation of the service account. */
export type Identity = 'pod-identity' | 'irsa';

export const IDENTITIES = ['pod-identity', 'irsa'] as const satisfies readonly Identity[];

/** Everything that the printed documents are made from, besides the pools file. */
export interface ManifestSettings {
  /** Names every Kubernetes object, so that two keepers fit into one cluster. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly identity: Identity;
  /** `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso` and so on: the first part of every ARN. */
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  /** The name in the tag `kubernetes.io/cluster/<name>` that nodes of the cluster are born with. */
  readonly cluster: string;
  /** The IAM role of the keeper, by name. */
  readonly keeperRole: string;
  /** The IAM role of the nodes, by name: the only one that the keeper may hand to an instance. */
  readonly nodeRole: string;
  readonly amis: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly launchTemplates: readonly string[];
  /** Only needed where the template names one. */
  readonly keyPairs: readonly string[];
  /** The queue of notices, by name. */
  readonly queue: string;
  /** The namespace from which metrics may be scraped. */
  readonly monitoringNamespace: string;
  /** Where job pods run: there the keeper may hold them, and they are created with a short delay. */
  readonly jobNamespaces: readonly string[];
}

/** An image that cannot be pulled from anywhere: no public registry holds one. */
export const imageOf = (release: string): string => `registry.example.com/spot-keeper:${release}`;

/** Angle brackets are legal in no ARN and no id, so a document with a forgotten placeholder is refused as a whole. */
const placeholder = (name: string): string => `<${name}>`;

/** The placeholders that a text still has, in the order of their first mention. */
export const placeholdersIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/<([A-Z][A-Z-]+)>/g)].map(([, name = '']) => name)),
];

/**
 * Fills in what was not said: the region from the zones of the pools, account and queue from the queue's URL.
 *
 * @throws BadInput when the zones lie in several regions, or in another one than was said.
 */
export function settingsOf(pools: PoolsFile, release: string, given: GivenSettings = {}): ManifestSettings {
  const region = regionOf(pools, given.region);
  const queue = queueAt(liveOf(pools).interruptionQueue);
  return {
    name: given.name ?? 'spot-keeper',
    namespace: given.namespace ?? 'spot-keeper',
    image: given.image ?? imageOf(release),
    identity: given.identity ?? 'pod-identity',
    partition: partitionOf(region),
    account: given.account ?? queue?.account ?? placeholder('ACCOUNT'),
    region,
    cluster: given.cluster ?? placeholder('CLUSTER'),
    keeperRole: given.keeperRole ?? `spot-keeper-${pools.fleet}`,
    nodeRole: given.nodeRole ?? placeholder('NODE-ROLE'),
    amis: given.amis ?? [`ami-${placeholder('AMI')}`],
    subnets: given.subnets ?? [`subnet-${placeholder('SUBNET')}`],
    securityGroups: given.securityGroups ?? [`sg-${placeholder('SECURITY-GROUP')}`],
    launchTemplates: given.launchTemplates ?? [`lt-${placeholder('LAUNCH-TEMPLATE')}`],
    keyPairs: given.keyPairs ?? [],
    queue: queue?.name ?? `spot-keeper-${pools.fleet}`,
    monitoringNamespace: given.monitoringNamespace ?? 'monitoring',
    jobNamespaces: given.jobNamespaces ?? namespacesNamedBy(pools) ?? [placeholder('JOB-NAMESPACE')],
  };
}

/** The live section of a pools file, with the defaults of one that says nothing. */
export const liveOf = (pools: PoolsFile): LiveConfig => pools.live ?? DEFAULT_LIVE;

/** The namespaces that the patterns of jobs name; undefined where a pattern names none, for then jobs may be anywhere. */
export function namespacesNamedBy(pools: PoolsFile): readonly string[] | undefined {
  const named = liveOf(pools).jobs.map((pattern) => (typeof pattern === 'string' ? undefined : pattern.namespace));
  return named.includes(undefined) ? undefined : [...new Set(named.filter((name) => name !== undefined))];
}

/** `us-east-1a`, the local zone `us-east-1-bos-1a` and the Wavelength zone `us-east-1-wl1-bos-wlz-1` lie in `us-east-1`. */
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+/;

function regionOf({ pools }: PoolsFile, said: string | undefined): string {
  const found = [...new Set(pools.flatMap(({ zones }) => zones.map((zone) => REGION.exec(zone)?.[0] ?? zone)))];
  const [region, ...more] = found;
  if (region === undefined || more.length > 0)
    throw new BadInput([
      {
        file: 'manifests',
        message: `expected zones of one region, since a keeper keeps one; found ${found.join(', ')}`,
      },
    ]);
  if (said !== undefined && said !== region)
    throw new BadInput([
      { file: 'manifests', message: `--region: expected ${region}, where the zones of the pools lie, found ${said}` },
    ]);
  return region;
}

/** Account and name in `https://sqs.<region>.amazonaws.com/<account>/<name>`; other URLs say neither. */
function queueAt(url: string | undefined): { readonly account: string; readonly name: string } | undefined {
  const [, account, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w.-]{1,80})$/.exec(url ?? '') ?? [];
  return account === undefined || name === undefined ? undefined : { account, name };
}
