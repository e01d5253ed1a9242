import { KubeConfig } from '@kubernetes/client-node';

/**
 * A kubeconfig as kubectl takes it: plain HTTP, such as that of `kubectl proxy`, needs no permission to skip the check of a
 * certificate, and an address may end in a slash. The library refuses the first and asks the second for `//api`.
 */
export function likeKubectl(config: KubeConfig): KubeConfig {
  const copy = Object.assign(new KubeConfig(), config);
  copy.clusters = config.clusters.map((cluster) => ({
    ...cluster,
    server: cluster.server.replace(/\/+$/, ''),
    skipTLSVerify: cluster.skipTLSVerify || cluster.server.startsWith('http:'),
  }));
  return copy;
}
