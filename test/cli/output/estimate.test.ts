import { describe, expect, it } from 'vitest';
import { type Estimate, estimateLines } from '../../../cli/output/estimate.ts';

const AN_ESTIMATE: Estimate = {
  ...{ headline: 'Do without a keeper.', read: [], assumed: [], missing: 'aws ec2 …', hasAvailability: false },
  ...{ tried: '4 settings were tried', figures: '', isWorth: false, pools: '', wrote: [], out: undefined },
};

const said = (estimate: Partial<Estimate>): string =>
  estimateLines({ ...AN_ESTIMATE, ...estimate }, 80)
    .join(' ')
    .replaceAll(/\s+/g, ' ');

describe('an estimate without prices', () => {
  it('says that spot is taken as never interrupted, unless a recording says when it was', () => {
    expect(said({})).toContain('and as never interrupted, so that this is a guess');
    const recorded = said({ hasAvailability: true });
    expect(recorded).toContain('and as interrupted when its availability ends, so that this is a guess');
    expect(recorded).not.toContain('never');
  });

  it('says nothing of it with prices', () => {
    expect(said({ missing: undefined })).not.toContain('guess');
  });
});
