import { z } from 'zod';
import { instanceType, instant, name, textLike, zone } from '../../src/config/fields.ts';
import { ARCHITECTURES, QUOTA_FAMILIES } from '../../src/domain/instanceTypes.ts';
import { type Refusal, TERMS } from '../../src/domain/words.ts';

/** Why EC2 may refuse in a scenario: everything but a cancellation, which is the keeper's own doing. */
const REFUSALS = [
  'no-capacity',
  'subnet-full',
  'quota',
  'throttled',
  'bad-template',
  'forbidden',
  'unsupported-term',
] as const satisfies readonly Refusal[];

const subnetId = () => textLike(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'a name of a subnet such as subnet-a');

/** A stretch in which EC2 refuses what it is about. */
export const scopedRefusal = z.strictObject({
  refusal: z.enum(REFUSALS).describe('How EC2 refuses'),
  instanceType: instanceType().optional().describe('The instance type it is about'),
  family: textLike(/^[a-z0-9-]{1,32}$/, 'a family of instance types such as m5')
    .optional()
    .describe('Its family'),
  architecture: z.enum(ARCHITECTURES).optional().describe('Its architecture'),
  zone: zone().optional().describe('The zone'),
  subnet: subnetId().optional().describe('The subnet, one of market.subnets'),
  pool: name().optional().describe('The pool whose template is launched from'),
  term: z.enum(TERMS).optional().describe('How it is bought'),
  from: instant().optional(),
  until: instant().optional(),
});

export const quota = z.strictObject({
  family: z
    .enum(QUOTA_FAMILIES)
    .describe('The families that are counted together; standard is A, C, D, H, I, M, R, T and Z'),
  term: z.enum(['spot', 'on-demand']).describe('What is counted; a spot block is spot'),
  vcpus: z.int().min(0).max(10_000_000).describe('The most vCPUs that may run at once'),
});

export const subnet = z.strictObject({
  id: subnetId().describe('Its name'),
  zone: zone().describe('The zone it lies in'),
  addresses: z.int().min(0).max(65_536).describe('The most instances that it has addresses for'),
});
