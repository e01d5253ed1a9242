import { Command } from 'commander';
import { doctor } from '../../src/look/doctor/doctor.ts';
import { isHealthy } from '../../src/look/doctor/finding.ts';
import { type LookFlags, looking, withLookFlags } from '../looking.ts';
import { doctorText } from '../output/doctor.ts';
import { printJson } from '../output/json.ts';
import { holderOf } from '../output/looked.ts';
import { widthOf } from '../output/terminal.ts';
import { release } from '../release.ts';
import { withLivePolicies } from '../userPolicies.ts';

/** `doctor [POOLS]`: whether a keeper of these pools could do its work with the role and the rights of whoever asks. */
export const command = (): Command =>
  withLookFlags(
    new Command('doctor')
      .description('check templates, markets, rights, clocks, queue and neighbours, with remedies; changes nothing')
      .argument('[pools]', 'a pools file; or ASG_NAME … in the environment'),
  ).action((path: string | undefined, flags: LookFlags) =>
    withLivePolicies((policies) =>
      looking(path, flags, policies, async (seen, settings) => {
        const findings = await doctor(seen, { ...settings, release });
        if (flags.json === true) printJson({ fleet: seen.file.fleet, at: seen.at, keeper: holderOf(seen), findings });
        else
          process.stdout.write(`${doctorText(seen, findings, widthOf(process.stdout), process.stdout).join('\n')}\n`);
        process.exitCode = isHealthy(findings) ? 0 : 1;
      }),
    ),
  );
