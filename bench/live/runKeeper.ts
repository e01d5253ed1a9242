import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeeperProcess, startKeeper } from './keeperProcess.ts';

/** What a keeper needs of the services that it shall keep blocks in. */
export interface Services {
  readonly aws: { readonly url: string };
  readonly kubernetes: { kubeconfig(): string };
  readonly region: string;
  readonly pools: string;
  readonly clockFlag: string;
}

/** Starts the bundled command against services; its files go with it. `nodeFlags` are node's own. */
export async function runKeeper(
  command: string,
  { aws, kubernetes, region, pools, clockFlag }: Services,
  nodeFlags: readonly string[] = NODE_FLAGS,
): Promise<KeeperProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-keeper-bench-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(join(folder, 'pools.yaml'), pools);
    await writeFile(join(folder, 'kubeconfig'), kubernetes.kubeconfig());
    const flags = ['--namespace', 'spot-keeper', '--port', '0', '--clock', clockFlag];
    const keeper = await startKeeper({
      args: [...nodeFlags, command, 'run', join(folder, 'pools.yaml'), ...flags],
      env: {
        NODE_ENV: 'production',
        KUBECONFIG: join(folder, 'kubeconfig'),
        AWS_ENDPOINT_URL: aws.url,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
      },
    });
    return { ...keeper, kill: () => keeper.kill().finally(remove), stop: () => keeper.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The flags of the image. */
const NODE_FLAGS = ['--no-addons', '--disable-proto=delete'];
