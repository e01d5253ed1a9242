/** A text that costs more than it should where it can be read in many ways, and who reads it. */
export interface Hostile {
  readonly reader: string;
  readonly text: string;
}

/** Who may create a pod, name a job or hand over a file writes these. Each has cost minutes, or more than anybody waited. */
export const HOSTILE: readonly Hostile[] = [
  { reader: 'delay of a pod', text: `0.${'s000'.repeat(200)}n` },
  { reader: 'delay of a pod', text: `${'0'.repeat(200_000)}x` },
  { reader: 'quantity', text: `${'2'.repeat(400_000)}x` },
  { reader: 'class of a pod', text: `a${'-222222222-2'.repeat(200)}-` },
  { reader: 'class of a job', text: `build ${'(a)'.repeat(100_000)}` },
  { reader: 'prices', text: `SpotPrice:${' '.repeat(400_000)}\0\nTimestamp: 2026-03-02\n` },
  {
    reader: 'prices',
    text: `at,instanceType,zone,usdPerHour\n2026-03-02T00:00:00Z,m5.large,z,${'\t'.repeat(400_000)}x\n`,
  },
  {
    reader: 'prices',
    text: `at,instanceType,zone,usdPerHour\n2026-03-02T00:00:00Z,m5.large,z,0${'\t'.repeat(400_000)}x\n`,
  },
  { reader: 'prices', text: `+-----+\n|  a  |\n|${'|'.repeat(400_000)}x|\n` },
  { reader: 'flag lease', text: `4h${','.repeat(131_072)}` },
  { reader: 'flag renewal', text: '{ policy: surge, lead: 30m },{ policy: drainFirst }\n'.repeat(14_000) },
];
