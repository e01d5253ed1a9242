import { resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The folders whose files are held to the rules of the house; tests may do what they like. */
const HOUSE = ['src', 'policies', 'sim', 'data', 'fakes', 'report', 'check', 'cli', 'bench'];

/** Sources with their types. */
export interface Sources {
  readonly checker: ts.TypeChecker;
  /** By path from the root of the project, in the compiler's order. */
  readonly files: ReadonlyMap<string, ts.SourceFile>;
}

/** The whole house in one program: some seconds of work. */
export function houseSources(): Sources {
  const { fileNames, options } = config();
  return sourcesOf(
    fileNames.filter((name) => HOUSE.some((folder) => name.startsWith(`${ROOT}/${folder}/`))),
    options,
  );
}

/** A few files that are not there: `text` by path from the root, seen as the house is, with the files of the house they import. */
export function inventedSources(invented: Readonly<Record<string, string>>): Sources {
  const { options } = config();
  const texts = new Map(Object.entries(invented).map(([path, text]) => [resolve(ROOT, path), text]));
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    getSourceFile(name, ...rest) {
      const text = texts.get(name);
      return text === undefined
        ? disk.getSourceFile(name, ...rest)
        : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
    },
    fileExists: (name) => texts.has(name) || disk.fileExists(name),
    readFile: (name) => texts.get(name) ?? disk.readFile(name),
  };
  const { checker, files } = sourcesOf([...texts.keys()], options, host);
  return { checker, files: new Map([...files].filter(([path]) => path in invented)) };
}

function sourcesOf(names: readonly string[], options: ts.CompilerOptions, host?: ts.CompilerHost): Sources {
  const program = ts.createProgram(names, options, host);
  const files = program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && fileName.startsWith(`${ROOT}/`))
    .map((file) => [file.fileName.slice(ROOT.length + 1), file] as const)
    .filter(([path]) => !path.startsWith('node_modules/'));
  return { checker: program.getTypeChecker(), files: new Map(files) };
}

/** The project's own settings, without what they say of files that are written. */
function config(): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), (name) => ts.sys.readFile(name)) as {
    readonly config: unknown;
  };
  const read = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const options = { ...read.options };
  delete options.incremental;
  delete options.tsBuildInfoFile;
  return { ...read, options };
}
