import { readFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import type { Beside } from '../../src/config/beside.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { readPools } from '../../src/config/readPools.ts';
import { termsOf } from '../../src/domain/words.ts';
import type { ConfigFiles } from '../../src/install/deployment.ts';
import {
  DEFAULT_PARTS,
  DOCUMENT_PARTS,
  type DocumentPart,
  documentText,
  OBJECT_PARTS,
  type ObjectPart,
  objectsText,
} from '../../src/install/manifests.ts';
import { type GivenSettings, IDENTITIES, placeholdersIn, settingsOf } from '../../src/install/settings.ts';
import { besideFolder } from '../../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { DNS_LABEL, IMAGE, like } from '../argumentForms.ts';
import { reasonOf } from '../files.ts';
import { release } from '../release.ts';
import { sweepManifests } from '../sweep/manifests.ts';
import { withUserPolicies } from '../userPolicies.ts';

type Parts = readonly ObjectPart[] | DocumentPart;

interface Flags extends GivenSettings {
  readonly only?: Parts;
}

/** `manifests POOLS`: what a cluster and an account need for a keeper of these pools, as text to review and apply. */
export function command(): Command {
  return new Command('manifests')
    .addCommand(sweepManifests())
    .description('print what a cluster and an account need to run a keeper: Kubernetes YAML, an IAM policy, a queue')
    .argument('<pools>', 'a pools file')
    .option(
      '--only <parts>',
      `Kubernetes parts, separated by commas: ${OBJECT_PARTS.join(', ')}; or one of ${DOCUMENT_PARTS.join(', ')}`,
      parts,
    )
    .option('--name <name>', 'what every Kubernetes object is called (default: spot-keeper)', like(DNS_LABEL, 'a name'))
    .option('--namespace <name>', 'the namespace (default: spot-keeper)', like(DNS_LABEL, 'a name'))
    .option('--image <reference>', 'the container image, by tag or digest', like(IMAGE, 'an image'))
    .addOption(new Option('--identity <kind>', 'how the pods get their AWS role').choices(IDENTITIES))
    .option('--account <id>', 'the AWS account', like(/^\d{12}$/, 'twelve digits'))
    .option(
      '--region <name>',
      'the region; the zones of the pools say it',
      like(/^[a-z]{2,4}(?:-[a-z]+)+-\d+$/, 'a region'),
    )
    .option('--cluster <name>', 'the cluster, as in the tag kubernetes.io/cluster/<name>', like(NAME, 'a name'))
    .option('--keeper-role <name>', "the keeper's IAM role", like(ROLE, 'a role by name'))
    .option('--node-role <name>', "the nodes' IAM role", like(ROLE, 'a role by name'))
    .option('--amis <ids>', 'images that may be launched, or *', list(/^(?:ami-[0-9a-f]+|\*)$/, 'ami-…'))
    .option('--subnets <ids>', 'subnets of the group', list(/^subnet-[0-9a-f]+$/, 'subnet-…'))
    .option('--security-groups <ids>', 'security groups of the template', list(/^sg-[0-9a-f]+$/, 'sg-…'))
    .option('--launch-templates <ids>', "the groups' launch templates", list(/^lt-[0-9a-f]+$/, 'lt-…'))
    .option('--key-pairs <names>', 'key pairs that templates name', list(/^[\w.-]+$/, 'names'))
    .option(
      '--monitoring-namespace <name>',
      'where metrics are read from (default: monitoring)',
      like(DNS_LABEL, 'a name'),
    )
    .option(
      '--job-namespaces <names>',
      'where job pods run, where a pool holds them; patterns of jobs that name namespaces say it',
      list(DNS_LABEL, 'names'),
    )
    .addHelpText('after', '\nexample: spot-keeper manifests pools.yaml --only iam --account 111122223333 --cluster ci')
    .action((file: string, flags: Flags) => withUserPolicies((policies) => print(file, flags, policies)));
}

async function print(file: string, { only = DEFAULT_PARTS, ...given }: Flags, policies: UserPolicies): Promise<void> {
  const text = await textOf(file);
  const { beside, files } = collecting(besideFolder({ folder: dirname(file), policies }), file, dirname(file));
  const pools = readPools(text, file, catalogue, beside);
  if (only === 'iam-spot-block' && pools.pools.every(({ lease }) => !termsOf(lease.term).includes('spot-block')))
    throw new BadInput([
      { file, message: 'expected a pool with lease.term spot-block, found none that needs this role' },
    ]);
  const input = {
    pools,
    files: { 'pools.yaml': text, ...(await files()) },
    settings: settingsOf(pools, release, given),
  };
  const printed = typeof only === 'string' ? documentText(only, input) : objectsText(only, input);
  process.stdout.write(printed);
  const left = placeholdersIn(printed);
  if (left.length > 0) process.stderr.write(`left to fill in: ${left.map((name) => `<${name}>`).join(', ')}\n`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInput([{ file, message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

/** Notes which files a pools file names while it is read: they go into the ConfigMap with it. */
function collecting(
  beside: Beside,
  pools: string,
  folder: string,
): { readonly beside: Beside; readonly files: () => Promise<ConfigFiles> } {
  const named = new Set<string>();
  const note = (path: string): string => {
    named.add(posix.normalize(path));
    return path;
  };
  const files = async (): Promise<ConfigFiles> => {
    const wrong = [...named].filter((name) => !/^[\w-][\w.-]*$/.test(name));
    if (wrong.length > 0)
      throw new BadInput(
        wrong.map((name) => ({
          file: pools,
          message: `expected a file beside it, since a ConfigMap has no folders, found ${name}`,
        })),
      );
    return Object.fromEntries(
      await Promise.all([...named].map(async (name) => [name, await textOf(posix.join(folder, name))] as const)),
    );
  };
  return {
    beside: {
      policy: (path) => beside.policy(note(path)),
      text: (path) => beside.text(note(path)),
      extend: (shipped) => beside.extend(shipped),
    },
    files,
  };
}

const NAME = /^[A-Za-z0-9][\w-]{0,99}$/;
const ROLE = /^[\w+=,.@-]{1,64}$/;

function list(form: RegExp, what: string): (text: string) => readonly string[] {
  const one = like(form, `${what} separated by commas`);
  return (text) => text.split(',').map((entry) => one(entry.trim()));
}

function parts(text: string): Parts {
  const names = text.split(',').map((name) => name.trim());
  const [document] = DOCUMENT_PARTS.filter((part) => names.includes(part));
  if (document !== undefined) {
    if (names.length > 1) throw new InvalidArgumentError(`${document} is no Kubernetes object: ask for it alone.`);
    return document;
  }
  const wrong = names.filter((name) => !OBJECT_PARTS.some((part) => part === name));
  if (wrong.length > 0)
    throw new InvalidArgumentError(
      `expected some of ${[...OBJECT_PARTS, ...DOCUMENT_PARTS].join(', ')}; found ${wrong.join(', ')}.`,
    );
  return OBJECT_PARTS.filter((part) => names.includes(part));
}
