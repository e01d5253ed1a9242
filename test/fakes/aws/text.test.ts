import { CreateTagsCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../fakes/aws/fields.ts';
import { parseQuery } from '../../../fakes/aws/query.ts';
import { escapeXml, writeXml } from '../../../fakes/aws/xml.ts';
import { stage } from './anAccount.ts';

/** Every unit that a text can have: control characters and halves of surrogate pairs too. */
const ANY_TEXT = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(...[0x26, 0x3c, 0x3e, 0x0d, 0xd83d, 0xde80])))
  .map((units) => String.fromCharCode(...units));

describe('a query', () => {
  it('has lists, parts, and both within each other', () => {
    expect(parseQuery('Action=RunInstances&Tag.1.Key=a&Tag.1.Value=b%20c&Tag.2.Key=d&SubnetId=')).toEqual({
      Action: 'RunInstances',
      Tag: [{ Key: 'a', Value: 'b c' }, { Key: 'd' }],
      SubnetId: '',
    });
    expect(parseQuery('Tags.member.1.Key=a&Names.member.2=y&Names.member.1=x')).toEqual({
      Tags: [{ Key: 'a' }],
      Names: ['x', 'y'],
    });
  });

  it('keeps the order of its numbers, of which ten is more than two', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index + 1}`);
    const form = names.map((name, index) => `Id.${index + 1}=${name}`).sort();
    expect(parseQuery(form.join('&'))).toEqual({ Id: names });
  });

  it('means nothing by names that mean something to the language', () => {
    const fields = parseQuery('__proto__.polluted=1&constructor.prototype.polluted=1');
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('of any kind is read or refused, and never breaks anything', () => {
    fc.assert(
      fc.property(fc.string(), (form) => {
        try {
          expect(typeof canonical(parseQuery(form))).toBe('string');
        } catch (error) {
          expect(error).toMatchObject({ code: 'MalformedQueryString' });
        }
      }),
    );
  });
});

describe('XML', () => {
  it('tells an empty list from none', () => {
    expect(writeXml({ some: [1, { a: 'x' }], none: [], gone: undefined }, 'item')).toBe(
      '<some><item>1</item><item><a>x</a></item></some><none/>',
    );
  });

  it('never lets a text become markup', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        expect(escapeXml(text)).not.toMatch(/[<>\r]|&(?!(?:amp|lt|gt|quot|#xD);)/);
      }),
    );
    expect(escapeXml('a\u0000b\ud800c')).toBe('a\ufffdb\ufffdc');
  });

  it('brings any text through the client’s form and back through its XML', async () => {
    const { ec2, account } = await stage();
    const [subnet] = account.subnets.all();
    const { instanceId } = account.addInstance({ instanceType: 'm5.large', subnetId: subnet!.subnetId });
    // What XML cannot hold is another matter, and blanks at the ends are for each reader to keep or not.
    const text = fc
      .array(
        fc.constantFrom(
          'a',
          '&',
          '<',
          '>',
          '"',
          "'",
          ';',
          ' ',
          '\t',
          '\n',
          '%',
          '+',
          '=',
          'é',
          '🚀',
          'amp;',
          ']]>',
          '&#10;',
        ),
        { minLength: 1, maxLength: 12 },
      )
      .map((parts) => parts.join(''))
      .filter((one) => !/^\s|\s$/.test(one));
    await fc.assert(
      fc.asyncProperty(text, async (Value) => {
        await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: 'text', Value }] }));
        expect(account.instances.get(instanceId)?.tags).toEqual({ text: Value });
        const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
        expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual([{ Key: 'text', Value }]);
      }),
      { numRuns: 50 },
    );
  });
});
