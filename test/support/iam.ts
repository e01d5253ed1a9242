import type { Conditions, PolicyDocument, Statement } from '../../src/install/iam.ts';

/**
 * One thing that IAM is asked about: an action on one resource. A call that touches several resources (RunInstances) is
 * several questions, and all must be allowed.
 */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** Keys such as `aws:RequestTag/…`; a key that is not there is absent, which is not the same as empty. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether a policy allows everything that is asked: what is denied anywhere is denied, and so is what nobody allows. */
export const allows = (policy: PolicyDocument, questions: readonly Question[]): boolean =>
  questions.every((question) => {
    const concerned = policy.Statement.filter((statement) => concerns(statement, question));
    return concerned.length > 0 && concerned.every(({ Effect }) => Effect === 'Allow');
  });

const concerns = ({ Action, Resource, Condition }: Statement, { action, resource, context }: Question): boolean =>
  Action.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
  Resource.some((pattern) => like(pattern, resource)) &&
  meets(Condition ?? {}, context);

/** Every operator and every key must be met; of the values of one key, one is enough. */
const meets = (conditions: Conditions, context: Question['context']): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => OPERATORS[operator]!(valuesOf(context, key), values)),
  );

type Operator = (found: readonly string[] | undefined, wanted: readonly string[]) => boolean;

/** An operator that is not here ends the test with an error: it must not pass for one that is never met. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (found, wanted) => found?.length === 1 && wanted.includes(found[0]!),
  // Met by a request that has no such key at all, which is why it never stands alone.
  'ForAllValues:StringEquals': (found, wanted) => (found ?? []).every((value) => wanted.includes(value)),
  'ForAnyValue:StringEquals': (found, wanted) => (found ?? []).some((value) => wanted.includes(value)),
  Null: (found, wanted) => wanted.includes(String(found === undefined)),
};

/** Keys are compared without regard to case; the tag in a key is not, but ours are all small letters. */
function valuesOf(context: Question['context'], key: string): readonly string[] | undefined {
  const entry = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return entry === undefined ? undefined : [entry[1]].flat();
}

function like(pattern: string, text: string): boolean {
  const form = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${form}$`, 's').test(text);
}
