import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('spot-keeper/package.json') as { readonly version: string };

/** The release of this package, as its manifest says. */
export const release: string = version;
