import { createHash } from 'node:crypto';
import { type Instant, seconds } from '../../src/domain/time.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** The metadata of an object that the store keeps. */
export interface Metadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  /** An integer in decimal: the version of the whole store at the object's last change. */
  readonly resourceVersion: string;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
  /** When a deletion that has begun is to be over. */
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly finalizers?: readonly string[];
}

/** An object as the store keeps and the API serves it. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

/** An object as its owner brings it: a name, a namespace where the resource has one, and whatever it says. */
export interface NewObject extends JsonObject {
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
}

/** Whether a value has what the store needs to keep it: metadata with a name. */
export const isNewObject = (value: Json | undefined): value is NewObject =>
  isObject(value) &&
  isObject(value['metadata']) &&
  typeof value['metadata']['name'] === 'string' &&
  ['string', 'undefined'].includes(typeof value['metadata']['namespace']);

/** Where an object stands among those of its resource; the order of keys is the order of lists. */
export const keyOf = (name: string, namespace: string | undefined): string => `${namespace ?? ''}/${name}`;

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const timestamp = (at: Instant): string =>
  new Date(Math.floor(at / seconds(1)) * seconds(1)).toISOString().replace('.000Z', 'Z');

/** A uid: the same object made at the same version has the same one, so that a simulation repeats to the letter. */
export function uidOf(resource: string, key: string, version: number): string {
  const hex = createHash('sha256').update(`${resource} ${key} ${version}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Kubernetes leaves out vowels and look-alikes in generated names. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A name after `generateName`: five letters that no other version of the store gives. */
export function generatedName(prefix: string, version: number): string {
  const digest = createHash('sha256').update(`${prefix} ${version}`).digest();
  return prefix + [...digest.subarray(0, 5)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join('');
}

/** The same object with other metadata fields; a field set to undefined goes. */
export function withMetadata(object: KubeObject, changes: Partial<Metadata>): KubeObject {
  return { ...object, metadata: { ...object.metadata, ...changes } };
}
