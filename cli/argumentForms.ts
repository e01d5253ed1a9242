import { InvalidArgumentError } from 'commander';

/** What Kubernetes lets an object be called, with room for what is put behind it. */
export const DNS_LABEL: RegExp = /^(?=.{1,40}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** A container image, by tag or digest. */
export const IMAGE: RegExp = /^[\w./:@-]+[:@][\w.:-]+$/;

/** Takes a flag's text if it has a form. */
export function like(form: RegExp, what: string): (text: string) => string {
  return (text) => {
    if (!form.test(text)) throw new InvalidArgumentError(`expected ${what}.`);
    return text;
  };
}
