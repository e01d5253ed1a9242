import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { PolicySlot } from '../../src/policy/definePolicy.ts';
import {
  breachOf,
  type Laws,
  operatingHoursLaws,
  purchaseLaws,
  renewalLaws,
  scalingLaws,
} from '../../src/policy/laws/index.ts';
import { loadPolicy } from '../../src/userPolicies/loadPolicy.ts';
import { anInstant, aPurchaseQuestion, aRenewalQuestion, aScalingQuestion } from '../laws/questions.ts';
import { aFolder } from '../support/aFile.ts';
import { aShelf } from '../support/aShelf.ts';

/** The policies that docs/policies.md shows people how to write: they compile, load as users' files do, and keep the laws. */

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/policies.md'), 'utf8');

const folder = aFolder();
const snippets = [...page.matchAll(/^```ts policy\n(.*?)^```$/gms)].map(([, text = '']) => {
  const [, name = ''] = /name: '(\w+)'/.exec(text) ?? [];
  return { name, file: folder.file(`${name}.ts`, text) };
});

describe('a policy of your own', () => {
  it('is shown on the page, whole', () => {
    expect(snippets.map(({ name }) => name)).toEqual(['oneAhead', 'offTheHour', 'outside', 'afterTheRush']);
  });

  it('compiles against spot-keeper/policy', () => {
    const program = ts.createProgram({
      rootNames: snippets.map(({ file }) => file),
      options: {
        ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'] },
        ...{ strict: true, noEmit: true, skipLibCheck: true, noUncheckedIndexedAccess: true },
        ...{ allowImportingTsExtensions: true, types: [] },
        paths: { 'spot-keeper/policy': [join(ROOT, 'src/policy/index.ts')] },
      },
    });
    const said = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(said).toEqual([]);
  });

  it.each(snippets)('$name keeps the laws of its slot', async ({ file }) => {
    const loaded = await loadPolicy(file);
    if (!('definition' in loaded)) throw new Error(loaded.message);
    const { definition } = loaded;
    expect(definition.about).toMatch(/^[A-Z].*\.$/);
    const policy = definition.create(definition.options.parse({}), aShelf);
    CHECKS[definition.slot](policy);
  });
});

const keeps =
  <Policy, Question>(laws: Laws<Policy, Question>, questions: fc.Arbitrary<Question>) =>
  (policy: unknown): void => {
    fc.assert(
      fc.property(questions, (question) => {
        // Known: the slot of its definition chose these laws.
        expect(breachOf(laws, policy as Policy, question)).toBeUndefined();
      }),
    );
  };

const CHECKS: Readonly<Record<PolicySlot, (policy: unknown) => void>> = {
  operatingHours: keeps(operatingHoursLaws, anInstant),
  scaling: keeps(scalingLaws, aScalingQuestion),
  renewal: keeps(renewalLaws, aRenewalQuestion),
  purchase: keeps(purchaseLaws, aPurchaseQuestion),
};
