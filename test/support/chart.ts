import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../src/install/names.ts';
import { renderChart } from './helm.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CHART = join(ROOT, 'charts/spot-keeper');

type Tree = Readonly<Record<string, unknown>>;

/** What a cluster of Kubernetes 1.36 has, and older ones have not. */
const MUTATING = 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy';

/** A file of this repository, as text. */
export const fileOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

// Known: the file is a mapping.
/** The values that the chart comes with. */
export const chartValues = (): Tree => parse(fileOf('charts/spot-keeper/values.yaml')) as Tree;

/** What the chart makes of these values over its own: objects by `Kind/name`, and the text of every template. */
export function chart(
  values: Tree,
  release = 'spot-keeper',
  namespace = 'spot-keeper',
  apis: readonly string[] = [MUTATING],
) {
  // Known: the file is a mapping.
  const manifest = parse(fileOf('charts/spot-keeper/Chart.yaml')) as Readonly<Record<string, string>>;
  const rendered = renderChart(textsIn('templates'), {
    Values: merged(chartValues(), values),
    Release: { Name: release, Namespace: namespace, Service: 'Helm' },
    apis,
    Chart: { Name: manifest['name'], Version: manifest['version'], AppVersion: manifest['appVersion'] },
    files: Object.fromEntries(Object.entries(textsIn('files')).map(([name, text]) => [`files/${name}`, text])),
  });
  const objects = Object.entries(rendered)
    .filter(([name]) => name.endsWith('.yaml'))
    .flatMap(([, text]) => objectsIn(text));
  return { rendered, objects: byName(objects) };
}

/** The objects of a YAML stream. A document that is wrong, or that names a key twice, throws. */
export function objectsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (!('errors' in document)) return [];
    for (const error of document.errors) throw error;
    // Known: a manifest is an object or nothing; the tests look at what is in it.
    const value = document.toJS() as KubernetesObject | null;
    return value === null ? [] : [value];
  });
}

/** Objects by `Kind/name`; two of one name throw. */
export function byName(objects: readonly KubernetesObject[]): Readonly<Record<string, KubernetesObject>> {
  const named = objects.map((object) => [`${object.kind}/${object.metadata.name}`, object] as const);
  const twice = named.find(([name], index) => named.findIndex(([other]) => other === name) < index);
  if (twice !== undefined) throw new Error(`${twice[0]} is there twice`);
  return Object.fromEntries(named);
}

/** As Helm does: maps are merged, everything else is replaced. */
function merged(below: Tree, above: Tree): Tree {
  const isTree = (value: unknown): value is Tree =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => {
      const [one, other] = [below[key], above[key]];
      return [key, isTree(one) && isTree(other) ? merged(one, other) : key in above ? other : one];
    }),
  );
}

function textsIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(join(CHART, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(CHART, folder, entry.name);
        return [relative(join(CHART, folder), path), readFileSync(path, 'utf8')];
      }),
  );
}
