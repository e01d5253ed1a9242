import { describe, expect, it } from 'vitest';
import { kindOf, lookOf } from '../../../data/import/kindOf.ts';

const files = {
  jobs: [
    '{"total_count": 1, "jobs": [{"id": 1, "name": "price of spot_price", "started_at": "2026-03-02T08:01:00Z"}]}',
    '{"action":"completed","workflow_job":{"id":1,"labels":["m5.2xlarge","us-east-1a"],"created_at":"2026-03-02T08:00:00Z"}}',
    '{"kind": "List", "items": [{"kind": "Pod", "metadata": {"creationTimestamp": "2026-03-02T08:00:00Z"}}]}',
    'sep=;\nqueued;started;finished\n2026-03-02T08:00:00Z;2026-03-02T08:01:00Z;2026-03-02T08:02:00Z\n',
    'job,number,status,duration_sec\na,1,ok,5\n',
  ],
  prices: [
    '{"SpotPriceHistory": []}',
    "[{'AvailabilityZone': 'us-east-1a', 'SpotPrice': '0.1'}]",
    'SpotPriceHistory:\n- AvailabilityZone: us-east-1a\n  SpotPrice: "0.1"\n',
    'SPOTPRICEHISTORY\tus-east-1a\tm5.large\tLinux/UNIX\t0.0350\t2026-03-02T08:00:00+00:00\n',
    'Timestamp,Type,AZ,Price\n2026-03-02T08:00:00Z,m5.large,us-east-1a,0.03\n',
    'use1-az4\tm5.large\tLinux/UNIX\t0.0350\t2026-03-02T08:00:00Z\n',
  ],
  'on-demand': [
    '[\n  "{\\"product\\":{\\"sku\\":\\"A\\"},\\"terms\\":{\\"pricePerUnit\\":{\\"USD\\":\\"0.1\\"}}}"\n]',
    'aws_v1\nPRICELIST\t{"product":{"sku":"A"}}\n',
    'Name,API Name,vCPUs,Linux On Demand cost\nM5,m5.large,2,$0.096000 hourly\n',
  ],
  availability: [
    '{"metadata": {"gap_seconds": 34}, "data": [1, 0]}',
    'timestamp,instance_type,zone,instances\n2026-03-02T08:00:00Z,*,us-east-1a,1\n',
  ],
};

describe('the kind of a file', () => {
  it.each(Object.entries(files).flatMap(([kind, heads]) => heads.map((head) => ({ kind, head }))))(
    'is $kind by its content: $head',
    ({ kind, head }) => {
      expect(kindOf({ head })).toBe(kind);
    },
  );

  it('is unknown where nothing tells, and then it is said what the file looks like', () => {
    expect(kindOf({ head: 'dear diary\n' })).toBeUndefined();
    expect(lookOf({ head: 'dear diary\n' })).toBe('text that begins with "dear diary"');
    expect(lookOf({ head: '<!doctype html><title>Sign in' })).toBe('a page of HTML');
    expect(lookOf({ head: '{"colour": 1, "size": 2}' })).toBe('JSON with the keys colour, size');
  });
});
