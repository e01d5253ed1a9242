import build from '../support/build.ts';
import { startFakes } from './fakes/fakes.ts';
import { ENDPOINT_VARIABLE, FAKES_VARIABLE, KUBECONFIG_VARIABLE, notRun, targets } from './targets.ts';

/** Before all suites: the services simulated here, if the environment asks for them, and the built command. */
export default async function setup(): Promise<() => Promise<void>> {
  const asked = process.env[FAKES_VARIABLE] ?? '';
  if (asked !== '' || notRun(targets()).length === 0) build();
  const fakes = asked === '' ? undefined : await startFakes({ rough: asked === 'rough' });
  // The suites run in processes that are started after this, with this environment.
  if (fakes !== undefined) {
    process.env[KUBECONFIG_VARIABLE] = fakes.kubeconfig;
    process.env[ENDPOINT_VARIABLE] = fakes.awsEndpoint;
  }
  return async () => {
    await fakes?.close();
  };
}
