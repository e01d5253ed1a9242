import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../../policies/catalogue.ts';
import { nothingBeside } from '../../src/config/beside.ts';
import { readChoice } from '../../src/config/policyChoices.ts';
import { POLICY_SLOTS, type PolicyDefinition } from '../../src/policy/definePolicy.ts';

/** Every calendar that an example names has one shift. */
const besideCalendars = {
  ...nothingBeside,
  text: () => ({
    text: [
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:shift'],
      ...['DTSTART:20260101T080000Z', 'DTEND:20260101T180000Z', 'END:VEVENT', 'END:VCALENDAR', ''],
    ].join('\r\n'),
  }),
};

const shelf = POLICY_SLOTS.flatMap((slot) => {
  const definitions: Readonly<Record<string, PolicyDefinition>> = catalogue[slot];
  return Object.entries(definitions).map(([key, definition]) => ({ slot, key, definition }));
});

describe.each(shelf)('$slot $key in the catalogue', ({ slot, key, definition }) => {
  it('stands under its name and in its slot, and says what it does', () => {
    expect(definition.name).toBe(key);
    expect(definition.slot).toBe(slot);
    expect(definition.about).toMatch(/^[A-Z].*\.$/);
  });

  it('describes each option, in a form that editors understand', () => {
    const { properties } = z.toJSONSchema(definition.options, { io: 'input' });
    for (const [option, schema] of Object.entries(properties ?? {}))
      expect(schema, option).toHaveProperty('description', expect.stringMatching(/^[A-Z]/));
  });

  it('shows how to write the options that it cannot do without', () => {
    // A week of hours is too long to show: `spot-keeper profile` prints it.
    if (key === 'profile') return;
    const read = (written: object) =>
      readChoice(
        { slot, name: key, options: { ...written }, namePath: [], path: [] },
        { catalogue, beside: besideCalendars, embeds: true },
      ).findings;
    expect(definition.example !== undefined).toBe(read({}).length > 0);
    if (definition.example !== undefined) expect(read(definition.example)).toEqual([]);
  });

  it('refuses an option that it does not know', () => {
    const parsed = definition.options.safeParse({ nonsense: 1 });
    expect(parsed.error?.issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys' }));
  });
});
