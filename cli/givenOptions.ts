import { takesWindows } from '../check/subject.ts';
import { catalogue } from '../policies/catalogue.ts';
import { mistakesOf } from '../src/config/explain.ts';
import { BadInput } from '../src/config/mistakes.ts';
import { policiesFor, readChoice } from '../src/config/policyChoices.ts';
import { parseSource, type Source, sourceOf } from '../src/config/source.ts';
import type { PolicySlot } from '../src/policy/definePolicy.ts';
import { besideFolder } from '../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../src/userPolicies/userPolicies.ts';
import { lacksOptions } from './lacksOptions.ts';

const FLAG = '--options';

type Options = Readonly<Record<string, unknown>>;

/** A policy with the options that `--options` gives it, ready to be made. */
export interface Given {
  /** With the texts of the files that they name, from the working folder. */
  readonly options: Options;
  /** The policies that are files, it or parts of it, by the names that it and its options have for them. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads the value of `--options` for one policy; undefined where it was left out.
 *
 * @throws BadInput with everything that is wrong with it.
 */
export function givenOptions(slot: PolicySlot, name: string, text: string | undefined, policies: UserPolicies): Given {
  const files = new Map<string, string>();
  const noting: UserPolicies = {
    ...policies,
    load: (own, file) => {
      const loaded = policies.load(own, file);
      if ('definition' in loaded) files.set(own, file);
      return loaded;
    },
  };
  const source = text === undefined ? sourceOf({}, FLAG) : optionsIn(text);
  // Known: `optionsIn` lets nothing else through.
  const written = source.value as Options;
  const beside = besideFolder({ folder: '.', policies: noting });
  const known = { catalogue, beside, embeds: true };
  const { findings, options } = readChoice({ slot, name, options: written, namePath: [], path: [] }, known);
  const definition = policiesFor(beside.extend(catalogue), slot)[name];
  // Each world of a check has hours of its own, which such a policy is given.
  const isGivenHours =
    slot === 'operatingHours' && Object.keys(written).length === 0 && definition && takesWindows(definition);
  if (findings.length === 0 || isGivenHours) return { options, files };
  const found = mistakesOf(findings, source);
  const lacks =
    text === undefined && (definition?.example !== undefined || findings.some(({ path }) => path.length > 0));
  const lacking = { file: FLAG, name, example: definition?.example };
  throw new BadInput(lacks ? [lacksOptions(lacking, found, (_, fields) => `{ ${fields} }`)] : found);
}

/** JSON, or a mapping as `pools.yaml` has it. */
function optionsIn(text: string): Source {
  const source = sourceIn(text);
  const { value } = source;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return source;
  throw new BadInput([
    { file: FLAG, message: `expected options such as '{ lead: 20m }', found ${JSON.stringify(text)}` },
  ]);
}

function sourceIn(text: string): Source {
  try {
    return parseSource(text, FLAG);
  } catch (error) {
    // Hardly any JSON is no YAML, but there is some: tabs before a key.
    try {
      return sourceOf(JSON.parse(text), FLAG);
    } catch {
      throw error;
    }
  }
}
