import build from '../support/build.ts';
import { fetchHelm, HELM_RELEASES } from './helm.ts';

/** Before all suites: the built command, and every release of Helm that can be had. */
export default function setup(): void {
  build();
  for (const release of HELM_RELEASES) fetchHelm(release);
}
