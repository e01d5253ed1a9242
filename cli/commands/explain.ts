import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { BadInput } from '../../src/config/mistakes.ts';
import { placeOf } from '../../src/domain/words.ts';
import { tightBudgets } from '../../src/look/budgets.ts';
import { explainBlock } from '../../src/look/explainBlock.ts';
import { explainPools } from '../../src/look/explainPool.ts';
import { type Look, type LookSettings } from '../../src/look/look.ts';
import { unknownsIn } from '../../src/look/unknowns.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { type LookFlags, looking, withLookFlags } from '../looking.ts';
import { blockText, poolsText } from '../output/explain.ts';
import { printJson } from '../output/json.ts';
import { holderOf } from '../output/looked.ts';
import { widthOf } from '../output/terminal.ts';
import { withLivePolicies } from '../userPolicies.ts';

/** `explain [POOLS] [BLOCK]`: why pools, or one block, are as they are, and what comes next. */
export const command = (): Command =>
  withLookFlags(
    new Command('explain')
      .description('say why a pool or a block is as it is, what is in its way and what comes next; changes nothing')
      .argument('[pools]', 'a pools file; or ASG_NAME … in the environment')
      .argument('[block]', 'a block, such as ci-0.3; without one every pool is explained'),
  ).action((first: string | undefined, second: string | undefined, flags: LookFlags) => {
    const [path, block] = second === undefined && isBlock(first) ? [undefined, first] : [first, second];
    return withLivePolicies((policies) =>
      looking(path, flags, policies, async (seen, settings) => {
        if (block === undefined) ofPools(seen, flags);
        else await ofBlock(seen, settings, block, flags);
      }),
    );
  });

/** Where the environment describes the pools, a block may stand alone. */
const isBlock = (argument: string | undefined): argument is string =>
  argument !== undefined && placeOf(argument) !== undefined && !existsSync(argument);

function ofPools(seen: Look, flags: LookFlags): void {
  const pools = explainPools(seen);
  const unknowns = unknownsIn(seen);
  if (flags.json === true) printJson({ ...headOf(seen), unknown: unknowns, pools });
  else process.stdout.write(`${poolsText(seen, pools, unknowns, widthOf(process.stdout)).join('\n')}\n`);
  process.exitCode = unknowns.length === 0 ? 0 : 1;
}

async function ofBlock(seen: Look, { kube, patienceMs }: LookSettings, id: string, flags: LookFlags): Promise<void> {
  // Real time is meant: somebody waits.
  const budgets = await tightBudgets(kube, AbortSignal.timeout(patienceMs));
  const block = explainBlock(seen, poolOf(seen, id), id, budgets);
  const unknowns = unknownsIn(seen);
  if (flags.json === true) printJson({ ...headOf(seen), unknown: unknowns, block });
  else process.stdout.write(`${blockText(seen, block, unknowns, widthOf(process.stdout)).join('\n')}\n`);
  process.exitCode = unknowns.length === 0 ? 0 : 1;
}

/** @throws BadInput for what is no block id, or one of another pool */
function poolOf({ pools }: Look, id: string): Pool {
  const place = placeOf(id);
  const pool = pools.find(({ spec }) => spec.name === place?.pool);
  if (pool !== undefined) return pool;
  const names = pools.map(({ spec }) => spec.name).join(', ');
  throw new BadInput([
    {
      file: 'block',
      message: `expected <pool>-<slot>.<generation> of one of the pools ${names}, found ${JSON.stringify(id)}`,
    },
  ]);
}

const headOf = (seen: Look) => ({ fleet: seen.file.fleet, at: seen.at, keeper: holderOf(seen) });
