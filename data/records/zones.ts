import { expected } from './values.ts';

/** Holds the zones of a recording to one way of naming them. */
export interface ZoneCheck {
  /** What is wrong with a zone, by itself or beside those before it; undefined if nothing is. */
  mistakeIn(zone: unknown): string | undefined;
}

/** `use1-az4`: the same place in every account. A name (`us-east-1a`) means another place in each. */
const ID = /^[a-z0-9-]+-az\d+$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;

/** @param first a zone that was read before, if this recording continues another. */
export function newZoneCheck(first?: string): ZoneCheck {
  let known = first;
  const sound = new Set<string>();
  return {
    mistakeIn: (zone) => {
      if (typeof zone !== 'string' || zone.trim() === '')
        return expected('an availability zone such as us-east-1a', zone);
      if (sound.has(zone)) return undefined;
      if (REGION.test(zone))
        return `${expected('an availability zone such as us-east-1a', zone)}, a region, which mixes the prices of several zones`;
      known ??= zone;
      if (ID.test(zone) !== ID.test(known)) return mixedZones(known, zone);
      sound.add(zone);
      return undefined;
    },
  };
}

const mixedZones = (one: string, other: string): string => {
  const kindOf = (zone: string): string => (ID.test(zone) ? 'zone ID' : 'zone name');
  return `expected a ${kindOf(one)} such as ${one}, found the ${kindOf(other)} ${other}: which is which differs from account to account, so the two are never joined; give them in files of their own`;
};
