import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../support/chart.ts';
import { instructionsIn } from './dockerfile.ts';

const instructions = instructionsIn(fileOf('Dockerfile'));
const restOf = (word: string): readonly string[] =>
  instructions.filter((one) => one.word === word).map(({ rest }) => rest);

/** Base images, with the defaults of their arguments. */
const bases = restOf('FROM').map((from) => {
  const [image = ''] = from.split(' ');
  const argument = /^\$\{(\w+)\}$/.exec(image)?.[1];
  return argument === undefined
    ? image
    : restOf('ARG')
        .find((one) => one.startsWith(`${argument}=`))!
        .slice(argument.length + 1);
});
const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM') + 1);

describe('The Dockerfile', () => {
  it('builds in one stage and runs in another', () => {
    expect(restOf('FROM')).toHaveLength(2);
    expect(restOf('FROM')[0]).toMatch(/ AS builder$/);
  });

  it('names a version or a digest of every base, and never latest', () => {
    for (const base of bases) {
      expect(base).toMatch(
        /@sha256:[0-9a-f]{64}$|:\d+\.\d+\.\d+-[\w-]+$|^gcr\.io\/distroless\/nodejs\d+-debian\d+:nonroot$/,
      );
      expect(base).not.toMatch(/latest/);
    }
  });

  it('runs on a base without a shell, and runs nothing there while it is built', () => {
    expect(bases[1]).toContain('distroless');
    expect(lastStage.map(({ word }) => word)).not.toContain('RUN');
    for (const word of ['ENTRYPOINT', 'CMD']) for (const rest of restOf(word)) expect(rest).toMatch(/^\[".*"\]$/);
  });

  it('runs as a user by number that is not root', () => {
    expect(lastStage.filter(({ word }) => word === 'USER').map(({ rest }) => rest)).toEqual(['65532:65532']);
    expect(lastStage.findIndex(({ word }) => word === 'USER')).toBeLessThan(
      lastStage.findIndex(({ word }) => word === 'ENTRYPOINT'),
    );
  });

  it('gives what it copies to root, so that the keeper cannot change itself', () => {
    for (const { word, rest } of lastStage) if (word === 'COPY') expect(rest).toContain('--chown=0:0 ');
  });

  it('fetches nothing but packages, by the lock file and without their scripts', () => {
    expect(restOf('ADD')).toEqual([]);
    expect(restOf('RUN').join('\n')).not.toMatch(/curl|wget|apt|https?:/);
    expect(restOf('RUN')[0]).toMatch(/^npm ci --ignore-scripts/);
  });

  it('carries no secret', () => {
    expect(restOf('ENV').concat(restOf('ARG')).join('\n')).not.toMatch(/token|secret|password|_key/i);
  });

  it('opens no debugger', () => {
    expect(restOf('ENTRYPOINT').join()).not.toMatch(/inspect/);
  });

  it('copies what is there, and .dockerignore lets it through', () => {
    const allowed = fileOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = restOf('COPY')
      .filter((rest) => !rest.includes('--from='))
      .flatMap((rest) =>
        rest
          .split(' ')
          .filter((part) => !part.startsWith('--'))
          .slice(0, -1),
      );
    expect(copied.toSorted()).toEqual(allowed.toSorted());
    for (const path of copied) expect(existsSync(resolve(import.meta.dirname, '../..', path)), path).toBe(true);
  });
});
