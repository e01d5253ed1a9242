import { describe, expect, it } from 'vitest';
import { OUR_TAGS, tagged, tagsOf } from '../../../src/live/ports/tags.ts';
import { anOffer } from '../../support/aBlock.ts';

const born = tagsOf({
  fleet: 'ci',
  blockId: 'ci-0.3',
  token: 'ci-0.3.1',
  offer: anOffer(),
  templateHash: 'abc',
  at: 0,
});
/** The same as releases up to 0.3 wrote them. */
const earlier = Object.fromEntries(Object.entries(born).map(([key, value]) => [key.replace(':', '.io/'), value]));

describe('the tags of an instance', () => {
  it('have keys that EC2 takes where instances may read their tags from the metadata service', () => {
    expect(Object.keys(born)).toEqual(OUR_TAGS);
    for (const key of OUR_TAGS) expect(key).toMatch(/^[A-Za-z0-9+\-=.,_:@]{1,128}$/);
  });

  it('are read whichever release wrote them, also where people copied some of one kind beside the other', () => {
    expect(earlier['spot-keeper.io/fleet']).toBe('ci');
    for (const tags of [born, earlier, { ...earlier, ...born }])
      expect(tagged(tags, 'ci')).toMatchObject({ blockId: 'ci-0.3', attempt: 1, term: 'spot', templateHash: 'abc' });
    expect(tagged({ ...earlier, ...born, 'spot-keeper.io/fleet': 'other' }, 'ci')).toBeDefined();
    expect(tagged({ ...born, 'spot-keeper:slot': '4', 'spot-keeper.io/slot': '0' }, 'ci')).toBeUndefined();
  });
});
