import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { type Kube, kubeClient } from '../../../src/live/kubernetes/kubeClient.ts';
import { silent, type Telemetry } from '../../../src/live/ports/telemetry.ts';

export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  /** The real client, on its way here. */
  kube(telemetry?: Telemetry): Kube;
  /** Tears every open connection. */
  tear(): void;
}

/** An API server that says what a test scripts, right or wrong. */
export async function anApiServer(
  answer: (request: IncomingMessage & { readonly query: URLSearchParams }, response: ServerResponse) => void,
): Promise<ApiServer> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://any');
    answer(Object.assign(request, { query: searchParams }), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening server on a port has an address with that port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    kube: (telemetry = silent) => kubeClient({ telemetry, config: configFor(url) }),
    tear: () => {
      server.closeAllConnections();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, code = 200, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function configFor(url: string): KubeConfig {
  const config = new KubeConfig();
  // As for `kubectl proxy`, with the slash that people leave at the end.
  const server = `${url}/`;
  config.loadFromClusterAndUser({ name: 'test', server, skipTLSVerify: false }, { name: 'keeper', token: 'secret' });
  return config;
}
