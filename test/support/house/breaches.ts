import ts from 'typescript';
import { BANS, GUARDED } from './bans.ts';
import type { Sources } from './sources.ts';

/** Something banned, where it is used. */
export interface Breach {
  readonly path: string;
  readonly line: number;
  /** Of `BANS`. */
  readonly what: string;
  readonly text: string;
}

const BANNED = new Map(BANS.flatMap(({ what, names }) => names.map((name) => [name, what] as const)));

/** Only what is spelled like something banned is looked up: asking about every name takes the compiler twice as long. */
const SPELLED = new Set([...BANNED.keys(), ...GUARDED].map((name) => name.slice(name.lastIndexOf('.') + 1)));

/**
 * Uses of what is banned, by what a name means and not by how it is spelled: aliases, destructuring, `globalThis`, `import`s under
 * another name and `process['env']` are the same thing. Types are left alone: they do nothing.
 */
export function breachesIn({ checker, files }: Sources): readonly Breach[] {
  const breaches: Breach[] = [];
  for (const [path, file] of files) {
    const note = (node: ts.Node, what: string): void => {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      breaches.push({ path, line, what, text: node.parent.getText(file).split('\n')[0] ?? '' });
    };
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
      if (isOfTypesOnly(node)) return;
      const what = whatOf(node, checker);
      if (what !== undefined) note(node, what);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return breaches;
}

function whatOf(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  // What is only declared here is somewhere else, under a name that nothing can follow.
  if (isDeclaredOnly(node)) return UNTRACED;
  // Every object leads to what made it: `new Date(0).constructor` is `Date`.
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'constructor') return UNTRACED;
  if (ts.isCallExpression(node) && isFormatOfNow(node, checker)) return 'the clock';
  if (ts.isElementAccessExpression(node)) return ofElement(node, checker);
  if (ts.isBindingElement(node)) return ofBinding(node, checker);
  if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node))
    return namesOf(checker.getSymbolAtLocation(node.name), checker)
      .map((name) => BANNED.get(name))
      .find((what) => what !== undefined);
  if (!ts.isIdentifier(node) || !SPELLED.has(node.text)) return undefined;
  const names = namesOf(symbolAt(node, checker), checker);
  const banned = names.map((name) => BANNED.get(name)).find((what) => what !== undefined);
  if (banned !== undefined) return isOwnName(node) ? undefined : banned;
  const guarded = names.find((name) => GUARDED.includes(name));
  return guarded === undefined ? undefined : ofGuarded(node, guarded);
}

const UNTRACED = 'code made or found at run time';

const isDeclaredOnly = (node: ts.Node): boolean =>
  (ts.isVariableStatement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isModuleDeclaration(node)) &&
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;

/** `new Intl.DateTimeFormat(…).format()`: without an argument it is the present. */
function isFormatOfNow(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const { expression } = node;
  return (
    node.arguments.length === 0 &&
    ts.isPropertyAccessExpression(expression) &&
    /^format(?:ToParts)?$/.test(expression.name.text) &&
    checker.getTypeAtLocation(expression.expression).symbol.name === 'DateTimeFormat'
  );
}

/** `process['env']`, and `Math[name]` of who knows what. */
function ofElement(node: ts.ElementAccessExpression, checker: ts.TypeChecker): string | undefined {
  const key = node.argumentExpression;
  if (ts.isStringLiteral(key) && key.text === 'constructor') return UNTRACED;
  const owner = checker.getTypeAtLocation(node.expression);
  const keys = ts.isStringLiteralLike(key) ? [key.text] : literalsOf(checker.getTypeAtLocation(key));
  const isGuarded = (): boolean =>
    ts.isIdentifier(node.expression) &&
    SPELLED.has(node.expression.text) &&
    namesOf(symbolAt(node.expression, checker), checker).some((name) => GUARDED.includes(name));
  if (keys === undefined) return isGuarded() ? 'something by a name made at run time' : undefined;
  return bannedAmong(owner, keys, checker) ?? guardedAmong(owner, keys, checker);
}

/** `const { now: tell } = Date`, also of a part of a parameter; the rest of `...` is of who knows what. */
function ofBinding(node: ts.BindingElement, checker: ts.TypeChecker): string | undefined {
  if (!ts.isObjectBindingPattern(node.parent)) return undefined;
  const named = node.propertyName ?? node.name;
  const name = ts.isComputedPropertyName(named) ? named.expression : named;
  const keys =
    ts.isIdentifier(name) && !ts.isComputedPropertyName(named)
      ? [name.text]
      : ts.isStringLiteralLike(name)
        ? [name.text]
        : literalsOf(checker.getTypeAtLocation(name));
  if (!keys?.some((key) => SPELLED.has(key))) return undefined;
  const owner = checker.getTypeAtLocation(node.parent);
  return (
    bannedAmong(owner, keys, checker) ?? (ts.isIdentifier(node.name) ? guardedAmong(owner, keys, checker) : undefined)
  );
}

const bannedAmong = (owner: ts.Type, keys: readonly string[], checker: ts.TypeChecker): string | undefined =>
  membersOf(owner, keys, checker)
    .map((name) => BANNED.get(name))
    .find((what) => what !== undefined);

function guardedAmong(owner: ts.Type, keys: readonly string[], checker: ts.TypeChecker): string | undefined {
  const guarded = membersOf(owner, keys, checker).find((name) => GUARDED.includes(name));
  return guarded === undefined ? undefined : handedOn(guarded);
}

const membersOf = (owner: ts.Type, keys: readonly string[], checker: ts.TypeChecker): readonly string[] =>
  keys.filter((key) => SPELLED.has(key)).flatMap((key) => namesOf(owner.getProperty(key), checker));

/** `Date` may be made of an instant, asked for a member by name, and compared with; `const { abs } = Math` is looked at by its names. */
function ofGuarded(node: ts.Identifier, name: string): string | undefined {
  let [inner, outer]: [ts.Node, ts.Node] = [node, node.parent];
  while (ts.isParenthesizedExpression(outer)) [inner, outer] = [outer, outer.parent];
  const isOwner =
    (ts.isPropertyAccessExpression(outer) || ts.isElementAccessExpression(outer)) && outer.expression === inner;
  if (isOwner || isTakenApart(inner, outer)) return undefined;
  if (ts.isPropertyAccessExpression(outer) && outer.name === inner) {
    // `globalThis.Date`: what is done with that decides.
    return ts.isIdentifier(node) ? ofGuardedMember(outer, name) : undefined;
  }
  return ofUse(inner, outer, name);
}

/** `const { max, abs } = Math`: each name is looked at by itself; `...rest` would be of who knows what. */
const isTakenApart = (inner: ts.Node, outer: ts.Node): boolean =>
  ts.isVariableDeclaration(outer) &&
  outer.initializer === inner &&
  ts.isObjectBindingPattern(outer.name) &&
  outer.name.elements.every(({ dotDotDotToken }) => dotDotDotToken === undefined);

function ofGuardedMember(node: ts.PropertyAccessExpression, name: string): string | undefined {
  const outer = node.parent;
  if ((ts.isPropertyAccessExpression(outer) || ts.isElementAccessExpression(outer)) && outer.expression === node)
    return undefined;
  return ofUse(node, outer, name);
}

function ofUse(inner: ts.Node, outer: ts.Node, name: string): string | undefined {
  if (ts.isTypeOfExpression(outer) || ts.isImportClause(outer) || ts.isNamespaceImport(outer)) return undefined;
  if (ts.isBinaryExpression(outer) && outer.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return undefined;
  if (name === '.Date' && ts.isNewExpression(outer) && outer.expression === inner) {
    const args = outer.arguments ?? [];
    if (args.length > 1) return 'the time zone of this machine';
    return args.length > 0 && !ts.isSpreadElement(args[0] ?? outer) ? undefined : 'the clock';
  }
  return handedOn(name);
}

const handedOn = (guarded: string): string => `${guarded.replace(/^\.|"/g, '')} handed on`;

const symbolAt = (node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined =>
  ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);

/** `Owner.name` of each declaration outside the house; a module as `"name"`. */
function namesOf(found: ts.Symbol | undefined, checker: ts.TypeChecker): readonly string[] {
  if (found === undefined) return [];
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  // It is the one name that nothing declares.
  if (symbol.name === 'globalThis') return ['.globalThis'];
  return (symbol.declarations ?? [])
    .filter((declaration) => declaration.getSourceFile().isDeclarationFile)
    .map((declaration) =>
      ts.isModuleDeclaration(declaration) && ts.isStringLiteral(declaration.name)
        ? `"${declaration.name.text.replace('node:', '')}"`
        : `${ownerOf(declaration)}.${symbol.name}`,
    );
}

function ownerOf(declaration: ts.Declaration): string {
  // A file that is imported as a whole is its own declaration, without a parent.
  for (
    let node = declaration.parent as ts.Node | undefined;
    node !== undefined;
    node = node.parent as ts.Node | undefined
  ) {
    if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return node.name?.text ?? '';
    // `declare var AbortSignal: { timeout(ms): AbortSignal }`
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) return node.name.text;
    if (ts.isModuleDeclaration(node)) return node.name.text === 'global' ? '' : node.name.text.replace('node:', '');
  }
  return '';
}

/** The texts that a type of literals can be; undefined: it can be anything. */
function literalsOf(type: ts.Type): readonly string[] | undefined {
  const types = type.isUnion() ? type.types : [type];
  return types.every((one) => !(one.flags & ts.TypeFlags.String) && !(one.flags & ts.TypeFlags.Any))
    ? types.flatMap((one) => (one.isStringLiteral() ? [one.value] : []))
    : undefined;
}

/** Binding elements are looked at as a whole. */
const isOwnName = (node: ts.Identifier): boolean => ts.isBindingElement(node.parent);

const isOfTypesOnly = (node: ts.Node): boolean =>
  (ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
  (ts.isImportSpecifier(node) && node.isTypeOnly) ||
  (ts.isExportDeclaration(node) && node.isTypeOnly) ||
  (ts.isExportSpecifier(node) && node.isTypeOnly) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node);
