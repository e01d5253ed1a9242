import { hours, type Instant, isoOf, type Millis, NEVER } from '../../src/domain/time.ts';
import type { Fields } from './fields.ts';
import { idOf } from './ids.ts';
import { addressIn, freeAddresses } from './network.ts';
import { Queue, type QueueSettings } from './queue.ts';
import type * as Aws from './resources.ts';
import { afterState, statusReason } from './spotStatus.ts';
import { TokenBook } from './tokens.ts';
import { Versions } from './versions.ts';

export interface AccountOptions {
  readonly now: () => Instant;
  /** `eu-central-1` if left out. */
  readonly region?: string;
  /** One subnet in each of three zones if left out. */
  readonly subnets?: readonly Aws.Subnet[];
  /** What the region offers, each in every zone but the `notOffered`. */
  readonly instanceTypes?: readonly string[];
  /** Markets, as `type/zone`, that the region does not have. */
  readonly notOffered?: readonly string[];
  /** Images that exist; every image does if left out. */
  readonly images?: readonly string[];
  /** Security groups that exist; every one does if left out. */
  readonly securityGroups?: readonly string[];
  /** An account of before 2023, to which AWS sold blocks. */
  readonly sellsBlocks?: boolean;
  /** How long instances stay pending and shutting down; if left out, until the owner says so by `setState`. */
  readonly settlesAfterMs?: Millis;
}

/** What an owner puts into an account by hand, or a launch does. */
export type NewInstance = Pick<Aws.Instance, 'instanceType' | 'subnetId'> & Partial<Aws.Instance>;

/** How long terminated instances, and ended spot requests, are still shown (EC2 User Guide). */
const TERMINATED_SHOWN_MS: Millis = hours(1);
const REQUESTS_SHOWN_MS: Millis = hours(4);

const DEFAULT_TYPES = ['m5.large', 'm5.xlarge', 'm5.2xlarge', 'm5a.2xlarge', 'c5.2xlarge', 'r5.2xlarge', 'm6g.2xlarge'];

/**
 * One AWS account in one region, in memory: what there is, and what its owner can do to it. It decides nothing about
 * capacity, reclaims or boots: the owner does, by `decide`, `onTerminate` and the methods here.
 */
export class Account {
  readonly now: () => Instant;
  readonly accountId = '123456789012';
  readonly vpcId = 'vpc-0a1b2c3d4e5f60718';
  readonly region: string;
  readonly options: AccountOptions;
  readonly instanceTypes: readonly string[];
  readonly instances: Versions<Aws.Instance>;
  readonly spotRequests: Versions<Aws.SpotRequest>;
  readonly subnets: Versions<Aws.Subnet>;
  readonly groups: Versions<Aws.Group>;
  readonly launchConfigurations: Versions<Aws.LaunchConfiguration>;
  readonly templates: Versions<Aws.LaunchTemplate>;
  readonly queues = new Map<string, Queue>();
  /** What spot capacity cost, by `type/zone`, oldest first. */
  readonly spotPrices = new Map<string, Aws.SpotPrice[]>();
  readonly tokens: TokenBook;

  /** Asked for every instance that somebody wants; the call is answered when this is. Grants at once if there is none. */
  decide?: ((launch: Aws.LaunchRequest) => Promise<Aws.Decision>) | undefined;
  /** Told of every instance that a call takes away; its state is then `shutting-down`. */
  onTerminate?: ((instance: Aws.Instance) => void) | undefined;
  /** The account's own defaults of the instance metadata service, as ModifyInstanceMetadataDefaults takes them. */
  metadataDefaults: Fields = {};
  /** How many instances wait for a decision. */
  undecided = 0;

  private readonly counts = new Map<string, number>();

  constructor(options: AccountOptions) {
    const { now, region = 'eu-central-1' } = options;
    this.options = options;
    this.now = now;
    this.region = region;
    this.instanceTypes = options.instanceTypes ?? DEFAULT_TYPES;
    this.instances = new Versions(now);
    this.spotRequests = new Versions(now);
    this.subnets = new Versions(now);
    this.groups = new Versions(now);
    this.launchConfigurations = new Versions(now);
    this.templates = new Versions(now);
    this.tokens = new TokenBook(now);
    for (const subnet of options.subnets ?? subnetsOf(region)) this.subnets.set(subnet.subnetId, subnet);
  }

  /** The zones that there are subnets in. */
  get zones(): readonly string[] {
    return [...new Set(this.subnets.all().map(({ zone }) => zone))].sort();
  }

  /** An id that was never given before: `i-` and 17 hexadecimal digits. */
  newId(prefix: string): string {
    const count = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, count);
    return idOf(prefix, count);
  }

  async ask(launch: Aws.LaunchRequest): Promise<Aws.Decision> {
    if (this.decide === undefined) return { kind: 'granted' };
    this.undecided += 1;
    try {
      return await this.decide(launch);
    } finally {
      this.undecided -= 1;
    }
  }

  /** @throws Error if there is no such subnet, or the instance is there already */
  addInstance(given: NewInstance): Aws.Instance {
    const subnet = this.subnets.get(given.subnetId);
    if (subnet === undefined) throw new Error(`there is no subnet ${given.subnetId}`);
    const instanceId = given.instanceId ?? this.newId('i');
    if (this.instances.get(instanceId) !== undefined) throw new Error(`there is an instance ${instanceId} already`);
    const instance: Aws.Instance = {
      reservationId: this.newId('r'),
      state: 'pending',
      imageId: 'ami-0123456789abcdef0',
      launchedAt: this.now(),
      tags: {},
      partTags: {},
      clientToken: undefined,
      market: 'on-demand',
      spotRequestId: undefined,
      privateIp: addressIn(this, subnet),
      isProtected: false,
      specification: {},
      ...given,
      instanceId,
      zone: subnet.zone,
    };
    this.instances.set(instanceId, instance);
    return instance;
  }

  /**
   * Moves an instance to a state; a terminated one stays so. Its spot request follows. Unlike TerminateInstances it does not
   * call `onTerminate`: whoever calls this knows.
   *
   * @throws Error if there is no such instance
   */
  setState(
    instanceId: string,
    state: Aws.InstanceState,
    reason: { readonly reasonCode?: string; readonly reasonMessage?: string } = {},
  ): void {
    const instance = this.instances.get(instanceId);
    if (instance === undefined) throw new Error(`there is no instance ${instanceId}`);
    if (instance.state === 'terminated' || instance.state === state) return;
    const { reasonCode: code, reasonMessage = '' } = reason;
    const stateReason =
      code === undefined
        ? instance.stateReason
        : { code, message: reasonMessage === '' ? code : `${code}: ${reasonMessage}` };
    const changed = { ...instance, state, stateReason, ...(state === 'terminated' && { endedAt: this.now() }) };
    this.instances.set(instanceId, changed);
    const request = instance.spotRequestId === undefined ? undefined : this.spotRequests.get(instance.spotRequestId);
    if (request !== undefined) this.putRequest(afterState(request, changed, this.now()));
  }

  /** The status of a spot request, by its own id or its instance's: `marked-for-termination`. @throws Error for neither */
  setSpotStatus(id: string, code: string, message?: string, state?: Aws.SpotRequestState): void {
    const request = this.spotRequests.get(this.instances.get(id)?.spotRequestId ?? id);
    if (request === undefined) throw new Error(`there is no spot request ${id}`);
    this.putRequest({
      ...request,
      state: state ?? request.state,
      status: { ...statusReason(code, message), updatedAt: this.now() },
    });
  }

  /** Writes a spot request; when it comes to its end for the first time, that instant is kept. */
  putRequest(request: Aws.SpotRequest): void {
    const ended = request.state !== 'open' && request.state !== 'active';
    this.spotRequests.set(request.spotRequestId, {
      ...request,
      endedAt: ended ? (request.endedAt ?? this.now()) : undefined,
    });
  }

  addQueue(name: string, settings?: QueueSettings): Queue {
    const queue = this.queues.get(name) ?? new Queue(name, this.now, settings);
    this.queues.set(name, queue);
    return queue;
  }

  /** Puts a message into a queue, named or given by its URL. @throws Error if there is no such queue */
  sendMessage(queueUrl: string, body: string): void {
    const queue = this.queues.get(queueUrl.split('/').at(-1) ?? '');
    if (queue === undefined) throw new Error(`there is no queue ${queueUrl}`);
    queue.send(body);
  }

  /** Answers all long polls now. */
  wakePolls(): void {
    for (const queue of this.queues.values()) queue.wake();
  }

  /** What spot capacity costs in a market from an instant on; prices of one market come in the order of time. */
  setSpotPrice(instanceType: string, zone: string, usdPerHour: number, at: Instant = this.now()): void {
    const market = `${instanceType}/${zone}`;
    const prices = this.spotPrices.get(market) ?? [];
    prices.push({ at, usdPerHour });
    this.spotPrices.set(market, prices);
  }

  spotPriceOf(instanceType: string, zone: string): number | undefined {
    return this.spotPrices.get(`${instanceType}/${zone}`)?.findLast(({ at }) => at <= this.now())?.usdPerHour;
  }

  /** How many more instances fit into a subnet. */
  freeAddresses(subnetId: string): number {
    const subnet = this.subnets.get(subnetId);
    return subnet === undefined ? 0 : freeAddresses(this, subnet);
  }

  /**
   * Does what is due by the clock: long polls whose wait has passed are answered, requests that are no longer valid end,
   * what ended long ago is no longer shown. Every call to the server does it too; whoever moves the clock by hand calls it.
   */
  tick(): void {
    const now = this.now();
    for (const queue of this.queues.values()) queue.tick();
    const { settlesAfterMs = NEVER } = this.options;
    for (const instance of this.instances.all()) {
      if (instance.endedAt !== undefined && instance.endedAt + TERMINATED_SHOWN_MS <= now)
        this.instances.delete(instance.instanceId);
      else if (instance.state === 'pending' && instance.launchedAt + settlesAfterMs <= now)
        this.setState(instance.instanceId, 'running');
      else if (instance.state === 'shutting-down' && settlesAfterMs !== NEVER)
        this.setState(instance.instanceId, 'terminated');
    }
    for (const request of this.spotRequests.all()) {
      if (request.endedAt !== undefined && request.endedAt + REQUESTS_SHOWN_MS <= now) {
        const instance = this.instances.get(request.instanceId ?? '');
        if (instance === undefined || instance.state === 'terminated') this.spotRequests.delete(request.spotRequestId);
      } else if (request.state === 'open' && (request.validUntil ?? NEVER) <= now)
        this.setSpotStatus(
          request.spotRequestId,
          'schedule-expired',
          `Your Spot request expired at ${isoOf(now)}.`,
          'cancelled',
        );
    }
    for (const shelf of [this.instances, this.spotRequests, this.groups, this.launchConfigurations, this.templates])
      shelf.prune();
    this.tokens.prune();
  }
}

const subnetsOf = (region: string): readonly Aws.Subnet[] =>
  ['a', 'b', 'c'].map((letter, index) => ({
    subnetId: idOf('subnet', index + 1),
    zone: `${region}${letter}`,
    cidr: `10.0.${index}.0/24`,
    addresses: 251,
  }));
