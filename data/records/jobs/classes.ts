/**
 * The class of a job by its names: `workflow/job`, with what tells apart the jobs of one matrix or of one split left out.
 * Undefined where the names are numbers or ids, which say nothing of what kind a job is.
 *
 * `build (ubuntu-latest, 3.12)`, `rspec 3/10`, `rspec: [ruby, 2]` are `build`, `rspec`, `rspec`.
 */
export function classNamed(workflow: string | undefined, job: string | undefined): string | undefined {
  const parts = [workflow, job].map((name) => folded(name ?? '')).filter((name) => name !== '');
  // A workflow that calls itself like its only job.
  const [first, second] = parts;
  return first === second || second === undefined ? first : `${first ?? ''}/${second}`;
}

/** Longer than what people call a job; the rest would be a commit's message. */
const MOST_CHARACTERS = 100;

/** What is told apart at its end is looked for in so much: each pass takes away one part. */
const MOST_READ = 1_000;

function folded(name: string): string {
  let text = name.slice(0, MOST_READ).replaceAll(/\s+/g, ' ').trim();
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/ ?\([^()]*\)$/, '')
      .replace(/:? ?\[[^[\]]*\]$/, '')
      .replace(/ ?#?\d{1,9} ?(?:\/|of) ?\d{1,9}$/, '')
      .trim();
  }
  text = text
    .replaceAll(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '*')
    // A commit, a build's number: another one each time.
    .replaceAll(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/gi, '*')
    .replaceAll(/\b\d{5,}\b/g, '*')
    .slice(0, MOST_CHARACTERS)
    .trim();
  return /^(?:j?\d+|\**|[#*\d\s-]*)$/.test(text) ? '' : text;
}

/**
 * The class of a pod by its name: without the letters and numbers that a controller adds. `runner-7`, `test-abcde-pod-x2k4f`
 * become `runner`, `test-abcde-pod`.
 */
export function podClass(name: string): string | undefined {
  let until = name.length;
  // Part by part from the end: one expression for all of them could read a part in several ways, and would try each with each.
  for (let dash = name.lastIndexOf('-'); dash >= 0; dash = dash === 0 ? -1 : name.lastIndexOf('-', dash - 1)) {
    if (!ADDED.test(name.slice(dash + 1, until))) break;
    until = dash;
  }
  return classNamed(undefined, name.slice(0, until));
}

const ADDED = /^(?:\d+|[bcdfghjklmnpqrstvwxz2456789]{5}|[0-9a-f]{8,10})$/;
