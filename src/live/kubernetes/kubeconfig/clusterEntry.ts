import type { Cluster } from '@kubernetes/client-node';
import type { ClusterFields, Entry } from './kubeconfigFile.ts';
import { isReadable, placeOfFile, type Say } from './saying.ts';

/** Addresses of proxies that the client can use. */
const PROXIES = /^(https?|socks5h?):\/\//;

/** A cluster of a kubeconfig as the client takes it. What is wrong with it is said. */
export function clusterOf(entry: Entry<ClusterFields>, usesCertificate: boolean, say: Say): Cluster {
  const { fields, name } = entry;
  const caFile = placeOfFile(entry, fields['certificate-authority']);
  const caData = fields['certificate-authority-data'];
  const skipTLSVerify = fields['insecure-skip-tls-verify'];
  if (fields.server === '') say(['server'], 'expected the address of an API server, found none');
  if (caFile !== undefined && caData !== '')
    say(['certificate-authority-data'], 'expected either this or certificate-authority, found both: remove one');
  if (skipTLSVerify && (caFile !== undefined || caData !== ''))
    say(['insecure-skip-tls-verify'], 'expected no certificate authority beside it, found one: remove one of the two');
  if (caFile !== undefined && !isReadable(caFile))
    say(['certificate-authority'], `expected a file, cannot read ${caFile}`);
  const proxyUrl = fields['proxy-url'];
  if (proxyUrl !== '' && (!PROXIES.test(proxyUrl) || !URL.canParse(proxyUrl)))
    say(['proxy-url'], 'expected an address that begins with http://, https:// or socks5://');
  // As kubectl completes an address without a scheme.
  const isSecure = caFile !== undefined || caData !== '' || skipTLSVerify || usesCertificate;
  const server = fields.server.includes('://') ? fields.server : `${isSecure ? 'https' : 'http'}://${fields.server}`;
  if (fields.server !== '' && (!/^https?:\/\//.test(server) || !URL.canParse(server)))
    say(['server'], 'expected an address such as https://10.0.0.1:6443');
  return {
    ...{ name, server, skipTLSVerify },
    ...(caFile === undefined ? {} : { caFile }),
    ...(caData === '' ? {} : { caData }),
    ...(fields['tls-server-name'] === '' ? {} : { tlsServerName: fields['tls-server-name'] }),
    ...(proxyUrl === '' ? {} : { proxyUrl }),
  };
}
