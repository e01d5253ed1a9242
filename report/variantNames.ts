/**
 * What tells the variants of a comparison apart. Labels such as `weekly, surge, cheapest` are lists of policies; those
 * that all variants share are named once, in `common`, and each name is the rest of its label, in the same order.
 */
export function variantNames(labels: readonly string[]): {
  readonly common: readonly string[];
  readonly names: readonly string[];
} {
  const lists = labels.map((label) => label.split(', '));
  const [first = []] = lists;
  const alike = lists.every((list) => list.length === first.length);
  if (lists.length < 2 || !alike) return { common: [], names: labels };
  const shared = first.map((policy, place) => lists.every((list) => list[place] === policy));
  // Labels that are all alike tell nothing apart: better whole than empty.
  if (shared.every(Boolean)) return { common: [], names: labels };
  return {
    common: first.filter((_, place) => shared[place]),
    names: lists.map((list) => list.filter((_, place) => !shared[place]).join(', ')),
  };
}
