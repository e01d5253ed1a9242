import { readFile } from 'node:fs/promises';
import type { KubeConfig } from '@kubernetes/client-node';

/** What logs users of the client in; the library exports no name for it. */
type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

/** The name under which a user of the client has its token in a file. */
const NAME = 'token-file';

type ByTokenFile = ReturnType<typeof byTokenFile>;

/** How a user of the client says that its token is in a file; the other token serves until the file could be read. */
export const byTokenFile = (file: string, token = '') => ({ name: NAME, config: { file, token } });

/**
 * Reads the token from its file for each call: tokens of service accounts are exchanged while they are in use. A line feed at
 * its end is no part of it. While the file cannot be read, the last token that could be stays.
 */
export function tokenFiles(): Authenticator {
  const last = new Map<string, string>();
  return {
    // The library leaves open what a provider is; those of this name are made above.
    isAuthProvider: ({ authProvider }) => (authProvider as Partial<ByTokenFile> | null | undefined)?.name === NAME,
    async applyAuthentication({ authProvider }, options) {
      const { file, token } = (authProvider as ByTokenFile).config;
      const read = await readFile(file, 'utf8').then(
        (text) => text.trim(),
        (error: unknown) => error,
      );
      if (typeof read === 'string' && read !== '') last.set(file, read);
      const bearer = last.get(file) ?? token;
      if (bearer === '') throw typeof read === 'string' ? new Error(`the token file ${file} is empty`) : read;
      // Options of a request of Node, whatever else they are.
      const request = options as { headers?: Record<string, unknown> };
      request.headers = { ...request.headers, Authorization: `Bearer ${bearer}` };
    },
  };
}
