import { catalogue } from '../../policies/catalogue.ts';
import { shelfOf } from '../../src/policy/shelf.ts';

/** The shelf that ships. */
export const aShelf = shelfOf(catalogue);
