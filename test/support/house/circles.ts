/** Groups of at least two files that import each other, directly or through others, each in alphabetical order. */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  // Tarjan's algorithm: a group is what stays on the stack above the first of it that was reached.
  const order = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const reach = (file: string): number => {
    const at = order.size;
    order.set(file, at);
    stack.push(file);
    let low = at;
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!order.has(next)) low = Math.min(low, reach(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? at);
    }
    if (low === at) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const file of imports.keys()) if (!order.has(file)) reach(file);
  return circles;
}
