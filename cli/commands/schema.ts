import { Argument, Command } from 'commander';
import { catalogue } from '../../policies/catalogue.ts';
import { gridFileSchema } from '../../sim/grid/fileSchema.ts';
import { scenarioSchema } from '../../sim/scenario/schema.ts';
import { type JsonSchema, jsonSchemaOf, poolsJsonSchema } from '../../src/config/jsonSchema.ts';

/** The files that have a schema. */
export const SCHEMAS: Readonly<Record<string, () => JsonSchema>> = {
  pools: () => poolsJsonSchema(catalogue),
  scenario: () => jsonSchemaOf(scenarioSchema),
  grid: () => jsonSchemaOf(gridFileSchema),
};

/** `spot-keeper schema pools|scenario|grid`: the JSON Schema for an editor. */
export function command(): Command {
  return new Command('schema')
    .description('print the JSON Schema (draft 7) of pools.yaml, scenario.yaml or a grid of sweep, for editors')
    .addArgument(new Argument('<file>', 'which file').choices(Object.keys(SCHEMAS)))
    .addHelpText(
      'after',
      '\nexample: spot-keeper schema pools > pools.schema.json\n' +
        'then put this in the first line of pools.yaml:\n  # yaml-language-server: $schema=pools.schema.json',
    )
    .action((file: string) => {
      process.stdout.write(`${JSON.stringify(SCHEMAS[file]?.(), null, 2)}\n`);
    });
}
