import { createRequire } from 'node:module';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread from a file beside another one: the built file, or, where the sources run as they are, the source by way of
 * jiti, since a worker of Node 20 cannot load TypeScript by itself.
 *
 * @param name of the file, without its extension
 * @param beside the URL of the module that asks
 */
export function startWorker(name: string, beside: string, options: WorkerOptions): Worker {
  if (!beside.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, beside), options);
  const [jiti, here, file] = [createRequire(beside).resolve('jiti'), beside, `./${name}.ts`].map((text) =>
    JSON.stringify(text),
  );
  const code = `require(${jiti}).createJiti(${here}, { fsCache: false }).import(${file})`;
  return new Worker(code, { ...options, eval: true });
}
