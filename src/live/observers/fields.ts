/** What may be said of a note's data: a text, a number, a yes or no. */
export type Said = string | number | boolean;

/**
 * The fields of a note that may leave the process. Everything else is withheld: launch parameters, user data, credentials
 * and what a pod's environment holds have no name here, so that no careless note can spill them.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['api', 'action', 'outcome', 'class', 'code', 'status', 'attempt', 'attempts', 'durationMs', 'skewMs', 'waitMs'],
  ...[
    'fleet',
    'pool',
    'block',
    'blockId',
    'slot',
    'generation',
    'term',
    'tenure',
    'instanceType',
    'zone',
    'subnet',
    'market',
  ],
  ...['instance', 'instanceId', 'instanceIds', 'node', 'group', 'template', 'hash', 'state', 'from', 'to'],
  ...['refusal', 'scope'],
  ...[
    'resource',
    'path',
    'file',
    'queue',
    'holder',
    'leader',
    'identity',
    'namespace',
    'name',
    'pod',
    'job',
    'version',
  ],
  ...['why', 'reason', 'message', 'error', 'note', 'effect', 'fact', 'observer', 'condition', 'url', 'host'],
  ...[
    'by',
    'kind',
    'change',
    'fresh',
    'failures',
    'count',
    'bytes',
    'turns',
    'dropped',
    'ignored',
    'missing',
    'pages',
    'limit',
    'port',
    'at',
    'until',
    'release',
  ],
]);

/** Enough for a sentence of AWS, too little for a document. */
const MOST_CHARACTERS = 400;
const MOST_ITEMS = 20;

/** The data of a note as it may be shown: allowed fields, plain values, and how many fields were withheld. */
export function allowed(data: Readonly<Record<string, unknown>>): Readonly<Record<string, Said>> {
  const shown: Record<string, Said> = {};
  let withheld = 0;
  for (const [field, value] of Object.entries(data)) {
    const said = ALLOWED.has(field) ? saidOf(value) : undefined;
    if (said !== undefined) shown[field] = said;
    else if (value !== undefined) withheld += 1;
  }
  return withheld === 0 ? shown : { ...shown, withheld };
}

/** Foreign text made safe to show: nothing in it moves a cursor, colours a line, ends it, or turns its direction. */
export function printable(text: string, most = MOST_CHARACTERS): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text;
  return short.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Controls, formats (among them the marks that reverse text), line separators and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Foreign text without anything that looks like a credential: the second fence, behind the list of fields. */
export const scrubbed = (text: string): string =>
  CREDENTIALS.reduce((clean, pattern) => clean.replace(pattern, REDACTED), text).replace(LONG_RUN, (run) =>
    /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? REDACTED : run,
  );

const REDACTED = '[redacted]';

const CREDENTIALS: readonly RegExp[] = [
  // Ids of AWS keys and principals (IAM user guide, "Understanding unique ID prefixes").
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g,
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\beyJ[\w-]{5,}(?:\.[\w-]+){0,2}/g,
  /\bX-Amz-(?:Signature|Credential|Security-Token)=[^&\s"']+/gi,
  /Encoded authorization failure message: \S+/gi,
];

/** A secret access key has 40 characters, and tokens have more. */
const LONG_RUN = /[A-Za-z0-9+/_=-]{40,}/g;

function saidOf(value: unknown): Said | undefined {
  switch (typeof value) {
    case 'string':
      // Cut first: a pattern must not have to read a megabyte.
      return printable(scrubbed(value.slice(0, 4 * MOST_CHARACTERS)));
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object':
      if (value instanceof Error) return saidOf(`${value.name}: ${value.message}`);
      return Array.isArray(value) ? listed(value) : undefined;
    case 'function':
    case 'symbol':
    case 'undefined':
      return undefined;
  }
}

function listed(values: readonly unknown[]): string {
  const plain = values.filter((value) => typeof value === 'string' || typeof value === 'number').slice(0, MOST_ITEMS);
  const more = values.length - plain.length;
  return `${plain.map((value) => saidOf(value)).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
