import { stringify } from 'yaml';
import type { KubernetesObject } from '../../src/install/names.ts';
import type { ManifestSettings } from '../../src/install/settings.ts';

/** Settings whose names are words that a template's own expressions take the place of. */
export const placeholders = (settings: ManifestSettings): ManifestSettings => ({
  ...settings,
  name: 'FULLNAME',
  namespace: 'NAMESPACE',
  monitoringNamespace: 'MONITORING',
});

/**
 * The template of the chart that makes these objects, which were made from `placeholders`; `when` is the value that
 * switches it on.
 */
export function templateOf(objects: readonly KubernetesObject[], when?: string): string {
  const text = objects
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n')
    .replaceAll('system:serviceaccount:NAMESPACE:FULLNAME', 'system:serviceaccount:NAMESPACE:SERVICEACCOUNT')
    // The selector, and where it stands as the labels of an object, with those by which Helm knows its own.
    .replaceAll(/^( +)labels:\n +app\.kubernetes\.io\/name: .*\n +app\.kubernetes\.io\/instance: .*\n/gm, labelsLine)
    .replaceAll(/^( +)app\.kubernetes\.io\/name: .*\n +app\.kubernetes\.io\/instance: .*\n/gm, selectorLine)
    .replaceAll('SERVICEACCOUNT', '{{ include "spot-keeper.serviceAccount" . }}')
    .replaceAll('FULLNAME', '{{ include "spot-keeper.fullname" . }}')
    .replaceAll('NAMESPACE', '{{ .Release.Namespace }}')
    .replaceAll('MONITORING', '{{ .Values.networkPolicy.monitoringNamespace }}');
  const made = `{{- /* Made from src/install by \`npm run golden\`: change it there. */}}\n`;
  return when === undefined ? `${made}${text}` : `${made}{{- if .Values.${when} }}\n${text}{{- end }}\n`;
}

const labelsLine = (_: string, indent: string): string =>
  `${indent}labels:\n${indent}  {{- include "spot-keeper.labels" . | nindent ${indent.length + 2} }}\n`;

const selectorLine = (_: string, indent: string): string =>
  `${indent}{{- include "spot-keeper.selector" . | nindent ${indent.length} }}\n`;
