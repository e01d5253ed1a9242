/** What every policy of a slot keeps, for tests and for whoever tries a policy of their own. */
export type { PurchaseQuestion } from '../purchase.ts';
export * from './law.ts';
export * from './operatingHoursLaws.ts';
export * from './purchaseLaws.ts';
export * from './renewalLaws.ts';
export * from './scalingLaws.ts';
