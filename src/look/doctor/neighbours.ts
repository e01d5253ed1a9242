import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { holdsJobs, type PoolConfig } from '../../config/pools.ts';
import { readGroup, type TemplatePort } from '../../live/aws/template/group.ts';
import { MARK } from '../../live/kubernetes/marks.ts';
import type { Look } from '../look.ts';
import type { ClusterFound, PodFound } from '../lookAtCluster.ts';
import { counted } from '../words.ts';
import { checking, type Finding } from './finding.ts';

/** The fallback of every pool, and others who may have a hand in its nodes. */
export async function neighbourFindings(seen: Look, port: TemplatePort): Promise<readonly Finding[]> {
  const cluster = seen.cluster.kind === 'known' ? seen.cluster.value : undefined;
  const autoscalers = cluster?.pods.filter(isAutoscaler) ?? [];
  const groups = await Promise.all(seen.file.pools.map((pool) => groupFindings(pool, port, autoscalers)));
  return [
    ...groups.flat(),
    ...(cluster === undefined ? [] : [autoscalerFinding(autoscalers), ...nodeFindings(seen, cluster)]),
  ];
}

/** The group takes the jobs that find no block: it must be able to grow, and somebody must make it. */
async function groupFindings(
  pool: PoolConfig,
  port: TemplatePort,
  autoscalers: readonly PodFound[],
): Promise<readonly Finding[]> {
  const { autoScalingGroup: name } = pool.template;
  const check = checking('fallback', pool.name);
  const reading = await readGroup(port, name);
  // Why it could not be read is told of its template.
  if (reading.kind !== 'read') return [];
  const group = reading.part;
  const { MaxSize: most, DesiredCapacity: desired } = group;
  const findings: Finding[] = [];
  if (most !== undefined && desired !== undefined && desired >= most)
    findings.push(
      check.fail(
        `${name} is at its largest size (${desired} of ${most}): jobs that find no block wait`,
        'raise its MaxSize: blocks may be gone at any time, and then all jobs go there',
      ),
    );
  if ((group.SuspendedProcesses ?? []).some(({ ProcessName: process }) => process === 'Launch'))
    findings.push(check.fail(`the Launch process of ${name} is suspended: the fallback is dead`, 'resume it'));
  if (autoscalers.length > 0 && !isFoundByAutoscaler(group, name, autoscalers))
    findings.push(
      check.warn(
        `${name} is neither tagged for Cluster Autoscaler nor named to it: nobody may make it grow`,
        'tag it k8s.io/cluster-autoscaler/enabled, or name it with --nodes',
      ),
    );
  return findings.length > 0 ? findings : [check.ok(`${name} has room: ${desired ?? '?'} of ${most ?? '?'} nodes`)];
}

const isFoundByAutoscaler = (
  { Tags: tags = [] }: AutoScalingGroup,
  name: string,
  autoscalers: readonly PodFound[],
): boolean =>
  tags.some(({ Key: key }) => key?.startsWith('k8s.io/cluster-autoscaler/') === true) ||
  autoscalers.some(({ words }) => words.some((word) => word.includes(name)));

/** By the name of its program: the charts and managed add-ons name their pods in many ways. */
const isAutoscaler = ({ words, name }: PodFound): boolean =>
  words.some((word) => /(?:^|\/)cluster-autoscaler$/.test(word)) || /(?:^|-)cluster-autoscaler-/.test(name);

function autoscalerFinding(autoscalers: readonly PodFound[]): Finding {
  const check = checking('Cluster Autoscaler');
  const [one] = autoscalers;
  if (one === undefined)
    return check.unknown(
      'no pod of it is seen',
      'something must make the on-demand group grow for the jobs that find no block; leave this if it runs elsewhere',
    );
  const flag = (name: string): string | undefined =>
    one.words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  const expander = flag('expander');
  const delay = flag('new-pod-scale-up-delay');
  return check.ok(
    [
      `${one.namespace}/${one.name}`,
      // Blocks are in no group, so an expander never chooses among them.
      `expander ${expander ?? 'of its default'}, which ranks groups and no blocks`,
      delay === undefined
        ? 'no new-pod-scale-up-delay: a pod that waits for a block buys a node at once'
        : `new-pod-scale-up-delay ${delay}`,
    ].join('; '),
  );
}

/** It stops altogether when more than three and more than 45 % of all nodes are unready (its defaults). */
const BRAKE = { nodes: 3, share: 0.45 } as const;

function nodeFindings(seen: Look, cluster: ClusterFound): readonly Finding[] {
  const { nodes, pods } = cluster;
  const ours = new Set(
    seen.alive.map(({ instanceId }) => cluster.nodeOf(instanceId)?.uid).filter((uid) => uid !== undefined),
  );
  const blocks = nodes.filter(({ uid }) => ours.has(uid));
  const bare = blocks.filter(({ annotations }) => annotations[MARK.notAutoscaled] !== 'false');
  const unready = nodes.filter(({ ready }) => !ready).length;
  const terminators = pods.filter(
    ({ node, name }) => /aws-node-termination-handler/.test(name) && blocks.some((block) => block.name === node),
  );
  const check = checking('nodes');
  const findings: Finding[] = [];
  const karpenters = nodes.filter((node) => node.karpenters).length;
  if (karpenters > 0 && seen.file.pools.some(holdsJobs))
    findings.push(
      checking('Karpenter').warn(
        `it made ${counted(karpenters, 'node')}, and takes no notice of holds: it buys at once for a job that a block on its way would take`,
        'let no NodePool take the job pods, or have blocks early; holdJobs: false saves the patches',
      ),
    );
  if (unready > BRAKE.nodes && unready > BRAKE.share * nodes.length)
    findings.push(
      check.fail(
        `${unready} of ${nodes.length} are not ready: Cluster Autoscaler stops, and with it the fallback`,
        'see why nodes do not join; compare an instance of the group with one of a block',
      ),
    );
  if (bare.length > 0)
    findings.push(
      check.warn(
        `${bare.map(({ name }) => name).join(', ')}: without the annotation ${MARK.notAutoscaled}: "false"`,
        'a keeper puts it on when a block joins; without it Cluster Autoscaler counts the node when it is unready',
      ),
    );
  if (terminators.length > 0)
    findings.push(
      check.warn(
        `the node termination handler runs on ${counted(terminators.length, 'block')}, and its drain evicts jobs`,
        `keep its DaemonSet off nodes with the label ${MARK.prefix}pool`,
      ),
    );
  return findings.length > 0
    ? findings
    : [check.ok(`${counted(blocks.length, 'block')} among ${counted(nodes.length, 'node')}, ${unready} not ready`)];
}
