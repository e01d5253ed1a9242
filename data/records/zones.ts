import { expected } from './values.ts';

/** Holds the zones of a recording to one way of naming them. */
export interface ZoneCheck {
  /** What is wrong with a zone, by itself or beside those before it; undefined if nothing is. */
  mistakeIn(zone: unknown): string | undefined;
}

/** `use1-az4`, `use1-wl1-bos-wlz1`: the same place in every account. A name (`us-east-1a`) means another place in each. */
const ID = /^(?![a-z]{2,4}(?:-[a-z]+)+-\d+-)[a-z]{2}[a-z0-9-]*-(?:az|wlz)\d+$/;
/** `us-east-1`, `us-gov-west-1`, `us-iso-east-1`, `eusc-de-east-1`. */
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;
/** A region and a letter, with the place of a local or Wavelength zone between: `us-west-2-lax-1a`, `us-east-1-wl1-bos-wlz-1`. */
const NAME = /^[a-z]{2,4}(?:-[a-z]+)+-\d+(?:[a-z]|-[a-z]{3}-\d+[a-z]|-wl\d+-[a-z0-9]+-wlz-?\d+)$/;

/** Whether a text is the ID of a zone, which names the same place in every account. */
export const isZoneId = (text: string): boolean => ID.test(text);

/** Whether a text names a whole region. */
export const isRegion = (text: string): boolean => REGION.test(text);

/** The region of a zone, by the zone's name: `us-west-2` of `us-west-2-lax-1a`. Undefined for an ID, whose region it only hints at. */
export const regionOf = (zone: string): string | undefined =>
  isZoneId(zone) ? undefined : /^[a-z]{2,4}(?:-[a-z]+)+-\d+/.exec(zone)?.[0];

/** Whether a text is the name or the ID of a zone of AWS. */
export const isZone = (text: string): boolean => ID.test(text) || NAME.test(text);

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
      if (/\s/.test(zone.trim())) return expected('an availability zone such as us-east-1a', zone);
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
