import { dirname, posix } from 'node:path';
import ts from 'typescript';

/** What one file takes from elsewhere. */
export interface Import {
  /** A path from the root of the project, or a package or module of Node; undefined for a name made at run time. */
  readonly target: string | undefined;
  /** 1 for the first line. */
  readonly line: number;
}

/**
 * Every import of a file, of types only too: `import`, `export … from`, `import x = require()`, `import()` with any kind of quotes,
 * `import('…')` in types, `require()` and `/// <reference />`. A thread or a process that is started is none.
 *
 * @param path of the file, from the root of the project
 */
export function importsOf(path: string, source: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const note = (name: ts.Node | undefined, at: ts.Node): void => {
    const text = name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined;
    found.push({ target: text === undefined ? undefined : targetOf(path, text), line: lineOf(source, at) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, node);
    else if (ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined) note(node.moduleSpecifier, node);
    } else if (ts.isExternalModuleReference(node)) note(node.expression, node);
    else if (ts.isImportTypeNode(node))
      note(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, node);
    else if (ts.isCallExpression(node) && (isDynamicImport(node) || isRequire(node))) note(node.arguments[0], node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const { fileName, pos } of [...source.referencedFiles, ...source.typeReferenceDirectives])
    found.push({
      target: fileName.includes('.') ? targetOf(path, `./${fileName}`) : fileName,
      line: source.getLineAndCharacterOfPosition(pos).line + 1,
    });
  return found;
}

/** `./x.ts` as seen from a file, as a path from the root; a package stays what it is. */
const targetOf = (path: string, text: string): string =>
  text.startsWith('.') ? posix.join(dirname(path), text).replace(/\.js$/, '.ts') : text;

const isDynamicImport = (node: ts.CallExpression): boolean => node.expression.kind === ts.SyntaxKind.ImportKeyword;

const isRequire = ({ expression }: ts.CallExpression): boolean =>
  (ts.isIdentifier(expression) && expression.text === 'require') ||
  (ts.isPropertyAccessExpression(expression) && expression.name.text === 'require');

const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
