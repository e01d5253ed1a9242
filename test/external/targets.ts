/** What the suites run against, each where the environment names it. */
export interface Targets {
  /** The path of a kubeconfig. */
  readonly kubeconfig: string | undefined;
  /** The URL of an endpoint that speaks EC2's and Auto Scaling's protocols. */
  readonly awsEndpoint: string | undefined;
}

export const KUBECONFIG_VARIABLE = 'SPOT_KEEPER_TEST_KUBECONFIG';
export const ENDPOINT_VARIABLE = 'SPOT_KEEPER_TEST_AWS_ENDPOINT';

/** `1`: the services simulated here, as they are; `rough`: with the differences that other servers are known to have. */
export const FAKES_VARIABLE = 'SPOT_KEEPER_TEST_FAKES';

/** Where the suites of this run go. */
export const targets = (): Targets => ({
  kubeconfig: set(KUBECONFIG_VARIABLE),
  awsEndpoint: set(ENDPOINT_VARIABLE),
});

/** What does not run and why, a line each; none where everything does. */
export const notRun = ({ kubeconfig, awsEndpoint }: Targets): readonly string[] => [
  ...(kubeconfig === undefined
    ? [`not run: cluster, leadership, ledger and events; ${KUBECONFIG_VARIABLE} names no kubeconfig`]
    : []),
  ...(awsEndpoint === undefined
    ? [`not run: template, launch, inventory, terminate and quote; ${ENDPOINT_VARIABLE} names no endpoint`]
    : []),
  ...(kubeconfig === undefined || awsEndpoint === undefined ? ['not run: the rehearsal; it needs both of them'] : []),
];

/** What makes the standard clients go to the endpoint. Without credentials of its own the environment has test ones. */
export const awsEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: set('AWS_REGION') ?? 'us-east-1',
  ...(set('AWS_ACCESS_KEY_ID') === undefined && set('AWS_PROFILE') === undefined
    ? { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
    : {}),
});

/** A variable that is empty is none. */
const set = (variable: string): string | undefined => process.env[variable] || undefined;
