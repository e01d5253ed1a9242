import type { Term } from '../../../domain/words.ts';
import type { Source, Template } from './template.ts';

/** What of a template does not go with a term. */
export interface TermConditions {
  /** Each names its remedy; with one of them no block can be launched. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What a block of that term would lose of the template, or cannot be launched with. Only spot blocks lose anything: they
 * are bought by RequestSpotInstances, which takes no launch template and knows fewer fields.
 */
export function termConditions(template: Template, term: Term): TermConditions {
  if (term !== 'spot-block') return { problems: [], warnings: [] };
  const sources = [template.source, ...template.overrides.flatMap(({ source }) => source ?? [])];
  return {
    problems: [...new Set(sources.flatMap((source) => spotBlockProblems(source)))],
    warnings: [...new Set(sources.flatMap(lostBySpotRequests))],
  };
}

/** Why no spot block can be launched from one source. */
export function spotBlockProblems({ blueprint }: Source, imageId = blueprint.imageId): readonly string[] {
  const problems: string[] = [];
  if (blueprint.metadata?.HttpTokens === 'required')
    problems.push(
      'the template demands IMDSv2, which spot blocks cannot carry; choose the term spot or on-demand, or let the image demand it',
    );
  if (imageId?.startsWith('resolve:ssm:') === true)
    problems.push(`spot blocks need an image by its id and not ${imageId}; choose the term spot or on-demand`);
  return problems;
}

function lostBySpotRequests(source: Source): readonly string[] {
  if (source.kind !== 'launch-template' || source.beyondSpotRequests.length === 0) return [];
  return [
    `spot blocks are launched without the ${source.beyondSpotRequests.join(', ')} of launch template ${source.id} version ${source.version}`,
  ];
}
