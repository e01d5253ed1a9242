import type { Finding } from '../../src/config/explain.ts';
import { architectureOf, familyOf, quotaFamilyOf, vcpusOf } from '../../src/domain/instanceTypes.ts';
import type { Parts } from './parts.ts';

/** What refusals, quotas and subnets say of things that the scenario does not have: it would silently do nothing. */
export function limitsFindings({ text, pools: { pools } }: Pick<Parts, 'text' | 'pools'>): readonly Finding[] {
  const { refusals, quotas, subnets } = text.market;
  const types = new Set([...pools.flatMap(({ instanceTypes }) => instanceTypes), text.onDemandGroup.instanceType]);
  const zones = new Set(pools.flatMap((pool) => pool.zones));
  const known = {
    instanceType: types,
    family: new Set([...types].map(familyOf)),
    architecture: new Set<string>([...types].map(architectureOf)),
    zone: zones,
    subnet: new Set(subnets.map(({ id }) => id)),
    pool: new Set(pools.map(({ name }) => name)),
  };
  return [
    ...refusals.flatMap((refusal, index) =>
      SCOPES.flatMap(([key, what]): readonly Finding[] => {
        const value = refusal[key];
        if (value === undefined || known[key].has(value)) return [];
        return [{ path: ['market', 'refusals', index, key], message: expected(what, known[key]) }];
      }),
    ),
    ...quotas.flatMap(({ family }, index): readonly Finding[] =>
      [...types]
        .filter((type) => quotaFamilyOf(type) === family && vcpusOf(type) === undefined)
        .map((type) => ({
          path: ['market', 'quotas', index],
          message: `expected no quota of vCPUs for ${type}, found one: how many it has is not known here`,
        })),
    ),
    ...subnets.flatMap(({ id, zone }, index): readonly Finding[] => [
      ...(zones.has(zone) ? [] : [{ path: ['market', 'subnets', index, 'zone'], message: expected('a zone', zones) }]),
      ...(subnets.findIndex((one) => one.id === id) < index
        ? [{ path: ['market', 'subnets', index, 'id'], message: 'expected each subnet once' }]
        : []),
    ]),
  ];
}

const SCOPES = [
  ['instanceType', 'an instance type'],
  ['family', 'a family'],
  ['architecture', 'an architecture'],
  ['zone', 'a zone'],
  ['subnet', 'a subnet'],
  ['pool', 'a pool'],
] as const;

/** Only subnets may be none: a scenario has at least one of the others. */
const expected = (what: string, known: ReadonlySet<string>): string =>
  known.size === 0
    ? 'expected no subnet where market.subnets lists none'
    : `expected ${what} of the scenario (${[...known].join(', ')})`;
