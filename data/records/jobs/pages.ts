import type { Finds } from './found.ts';
import { type Obj, textIn, within } from './seen.ts';

/** Tells by the pages of an answer whether later ones are missing. */
export interface Pages {
  readonly take: (record: Obj) => void;
  /** Once, after the last page. */
  readonly end: () => void;
}

export function newPages(finds: Finds): Pages {
  /** Whether the page that came last names a next one: in a file of several pages those before it are followed by theirs. */
  let isOpen = false;
  return {
    take: (record) => {
      if (within(record, 'pageInfo', 'hasNextPage') === true)
        finds.missing('the answer ends with hasNextPage: true: later pages are missing');
      if ('next_page_token' in record) isOpen = textIn(record['next_page_token']) !== undefined;
    },
    end: () => {
      if (isOpen)
        finds.missing('the last page has a next_page_token: later pages are missing; ask for them with page-token=…');
    },
  };
}

/** Of those who name their errors by type, and write nothing beside. */
const TYPES = ['errorType', 'typeKey', 'documentation_url', 'error_description'];

/** An error in the place of an answer passes for no answer, and never for one without jobs. */
export function refused(record: Obj, finds: Finds): boolean {
  const errors = record['errors'];
  const isTyped = TYPES.some((key) => key in record);
  const text =
    (Array.isArray(errors) ? (textIn(within(errors[0], 'message')) ?? textIn(errors[0])) : undefined) ??
    (record['kind'] === 'Status' && record['status'] === 'Failure' ? textIn(record['message']) : undefined) ??
    (isTyped || Object.keys(record).length <= 2 ? (textIn(record['message']) ?? textIn(record['error'])) : undefined);
  if (text === undefined) return false;
  finds.mistake(
    record,
    `expected CI jobs, found an error in their place: ${JSON.stringify(text.slice(0, 200))}; fetch them again`,
  );
  return true;
}
