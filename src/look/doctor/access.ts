import {
  V1ResourceAttributes,
  V1SelfSubjectAccessReview,
  V1SelfSubjectAccessReviewSpec,
} from '@kubernetes/client-node';
import { z } from 'zod';
import type { PoolsFile } from '../../config/pools.ts';
import { rbacOf } from '../../install/access.ts';
import { type ManifestSettings, placeholdersIn } from '../../install/settings.ts';
import type { Kube } from '../../live/kubernetes/kubeClient.ts';
import { checking, type Finding } from './finding.ts';

/** Whether whoever runs this may do in the cluster what the printed roles grant: all of it, and asked of the server itself. */
export async function accessFindings(
  { file, settings }: { readonly file: PoolsFile; readonly settings: ManifestSettings },
  kube: Kube,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const rules = rbacOf(file, settings).flatMap((object) => {
    const role = ROLE.safeParse(object);
    if (!role.success) return [];
    const { kind, metadata } = role.data;
    return role.data.rules.map((rule) => ({ ...rule, namespace: kind === 'Role' ? (metadata.namespace ?? '') : '' }));
  });
  return Promise.all(
    rules.flatMap((rule) =>
      rule.resources.map((resource) =>
        placeholdersIn(rule.namespace).length > 0
          ? Promise.resolve(
              checking('access', resource).unknown(
                'no job pod is on any node now, so it is not known in which namespaces jobs are held',
                'look again while builds run',
              ),
            )
          : ruleFinding(kube, rule, resource, signal),
      ),
    ),
  );
}

const ROLE = z.object({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: z.object({ namespace: z.string().optional() }),
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      verbs: z.array(z.string()),
      resourceNames: z.array(z.string()).optional(),
    }),
  ),
});

type Rule = z.infer<typeof ROLE>['rules'][number] & { readonly namespace: string };

async function ruleFinding(kube: Kube, rule: Rule, whole: string, signal: AbortSignal): Promise<Finding> {
  const [resource = '', subresource = ''] = whole.split('/');
  const where = rule.namespace === '' ? 'in the cluster' : `in ${rule.namespace}`;
  const [name = ''] = rule.resourceNames ?? [];
  const check = checking('access', name === '' ? whole : `${whole}/${name}`);
  const answers = await Promise.all(
    rule.verbs.map(async (verb) => {
      const [group = ''] = rule.apiGroups;
      const resourceAttributes = Object.assign(new V1ResourceAttributes(), {
        ...{ verb, group, resource, namespace: rule.namespace },
        ...(subresource === '' ? {} : { subresource }),
        ...(name === '' ? {} : { name }),
      });
      const spec = Object.assign(new V1SelfSubjectAccessReviewSpec(), { resourceAttributes });
      const body = Object.assign(new V1SelfSubjectAccessReview(), { spec });
      const answer = await kube.call(
        'create selfsubjectaccessreviews',
        () => kube.authorization.createSelfSubjectAccessReview({ body }),
        { signal },
      );
      return { verb, answer };
    }),
  );
  const [failed] = answers.flatMap(({ answer }) => (answer.kind === 'failed' ? [answer] : []));
  if (failed !== undefined) return check.unknown(`${failed.class}: ${failed.message}`);
  const missing = answers.flatMap(({ verb, answer }) =>
    answer.kind === 'ok' && answer.value.status?.allowed !== true ? [verb] : [],
  );
  return missing.length === 0
    ? check.ok(`${rule.verbs.join(', ')} ${where}`)
    : check.fail(`may not ${missing.join(', ')} ${where}`, 'apply `spot-keeper manifests POOLS --only rbac`');
}
