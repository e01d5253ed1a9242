import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account } from '../../../fakes/aws/account.ts';
import { awsServer } from '../../../fakes/aws/server.ts';
import { kubernetesServer } from '../../../fakes/kubernetes/server.ts';
import { Store } from '../../../fakes/kubernetes/store.ts';
import { roughAws } from './roughAws.ts';
import { roughKubernetes } from './roughKubernetes.ts';

/** The simulated services in the place of real ones. */
export interface Fakes {
  /** The path of a kubeconfig. */
  readonly kubeconfig: string;
  readonly awsEndpoint: string;
  close(): Promise<void>;
}

/** Starts both services, by this machine's clock; `rough`: behind the manners that other servers are known to have. */
export async function startFakes({ rough }: { readonly rough: boolean }): Promise<Fakes> {
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-external-'));
  const now = (): number => Date.now();
  const account = new Account({
    now,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    settlesAfterMs: 0,
    images: ['ami-0123456789abcdef0'],
    securityGroups: ['sg-0123456789abcdef0'],
  });
  const aws = await awsServer({ account });
  const kubernetes = await kubernetesServer({ store: new Store({ now }) });
  const doors = rough ? [await roughAws(aws.url), await roughKubernetes(kubernetes.url)] : [];
  const [awsDoor, kubernetesDoor] = doors;
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubernetes.kubeconfig().replaceAll(kubernetes.url, kubernetesDoor?.url ?? kubernetes.url));
  // Watches end and graces pass by the clock, also where nobody asks for anything.
  const ticking = setInterval(() => {
    kubernetes.tick();
  }, 200);
  return {
    kubeconfig,
    awsEndpoint: awsDoor?.url ?? aws.url,
    async close() {
      clearInterval(ticking);
      await Promise.all([...doors, aws, kubernetes].map((one) => one.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
