// The ts-patch plugin. In tsconfig: `"plugins": [{ "transform": "mintmark/transformer", "transformProgram": true }]`, then `tspc`.
// https://github.com/nonara/ts-patch#plugins
//
// `transformProgram` lets the plugin speak before the compiler decides which files to emit again: a stamp can change where the file that
// carries it did not. Without it the plugin is only asked for files that are emitted anyway, which is enough for one-shot builds.

import path from 'node:path'
import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { stepsOfFiles } from './analysis.js'
import { bake } from './bake.js'
import { type Diagnostic, formatDiagnostic, openInspector } from './diagnostics.js'
import { MANIFEST, manifestOf } from './manifest.js'
import type { TS } from './pen.js'
import { openProject, type Project } from './project.js'
import { projectShelf } from './shelf.js'
import type { ModuleSteps } from './steps.js'

/** What stands beside `transform` in the plugin's entry. */
export interface PluginOptions {
  /** Where the manifest goes, from the folder of the tsconfig; `false` writes none. Default: `mintmark.json` in `outDir`. */
  readonly manifest?: string | false
  /** Hand what the fingerprint cannot speak for to the compiler as errors, instead of printing it. Default: false. */
  readonly strict?: boolean
}

/** What ts-patch gives a plugin. */
interface PluginExtras {
  readonly ts: TS
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => number
}

type StepsByFile = ReadonlyMap<string, ModuleSteps>

export default function mintmark(program: ts.Program, options: PluginOptions, extras: PluginExtras): ts.TransformerFactory<ts.SourceFile>
export default function mintmark(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  options: PluginOptions,
  extras: PluginExtras,
): ts.Program
export default function mintmark(
  program: ts.Program,
  ...rest: [PluginOptions, PluginExtras] | [ts.CompilerHost | undefined, PluginOptions, PluginExtras]
): ts.TransformerFactory<ts.SourceFile> | ts.Program {
  return rest.length === 3 ? transformProgram(program, rest[1], rest[2]) : transformFiles(program, rest[0], rest[1])
}

function transformFiles(program: ts.Program, options: PluginOptions, extras: PluginExtras): ts.TransformerFactory<ts.SourceFile> {
  const { incremental, composite } = program.getCompilerOptions()
  if (incremental || composite) {
    const wayOut = 'Add "transformProgram": true to the plugin in tsconfig.'
    process.stderr.write(`warning MM1020: an incremental build keeps old stamps in files that it does not emit again. ${wayOut}\n`)
  }
  let steps: StepsByFile | undefined
  return (context) => (file) => {
    steps ??= readProgram(program, options, extras)
    return stamp(steps, context, file, extras)
  }
}

function transformProgram(program: ts.Program, options: PluginOptions, extras: PluginExtras): ts.Program {
  const steps = readProgram(program, options, extras)
  for (const file of program.getSourceFiles()) carryDigest(file, steps.get(file.fileName))
  const { emit } = program
  program.emit = (file, writeFile, token, onlyDeclarations, custom, ...more: []) => {
    const before = [
      ...(custom?.before ?? []),
      (context: ts.TransformationContext) => (f: ts.SourceFile) => stamp(steps, context, f, extras),
    ]
    return emit(file, writeFile, token, onlyDeclarations, { ...custom, before }, ...more)
  }
  return program
}

// Watching compilers use a SourceFile again, so what it was called before is kept apart.
const versions = new WeakMap<ts.SourceFile, string>()

/**
 * A file's version is what tells an incremental compiler whether to emit it again; it is kept in `.tsbuildinfo`. With the digest of the
 * stamps in it, a file is emitted again when a helper modules away changes, or a package. Internal to TypeScript: guarded by tests.
 */
function carryDigest(file: ts.SourceFile, steps: ModuleSteps | undefined): void {
  const versioned = file as ts.SourceFile & { version?: string }
  const own = versions.get(file) ?? versioned.version
  if (own === undefined) return
  versions.set(file, own)
  versioned.version =
    steps === undefined ? own : `${own}-${digest(JSON.stringify([steps.classes, steps.functions, steps.marked])).slice(0, 16)}`
}

function stamp(steps: StepsByFile, context: ts.TransformationContext, file: ts.SourceFile, { ts }: PluginExtras): ts.SourceFile {
  const own = steps.get(file.fileName)
  return own === undefined ? file : bake(ts, context, file, own)
}

/** The steps of every source file of the program; the manifest is written and the diagnostics are told on the way. */
function readProgram(program: ts.Program, options: PluginOptions, extras: PluginExtras): StepsByFile {
  const { ts } = extras
  const compilerOptions = program.getCompilerOptions()
  const root = compilerOptions.configFilePath ? path.dirname(compilerOptions.configFilePath as string) : program.getCurrentDirectory()
  const shelf = projectShelf(root, ts.version)
  const project = openProject({ ts, root, compilerOptions, sourceFile: (file) => program.getSourceFile(file), shelf })
  const found = orExit(ts, () => stepsOfFiles(project, ownFiles(program)))
  const modules = [...found.values()]
  const all = modules.flatMap((s) => s.steps)
  if (options.manifest !== false && all.length > 0 && !compilerOptions.noEmit) {
    const file = path.resolve(root, options.manifest ?? path.join(compilerOptions.outDir ?? '.', MANIFEST))
    ts.sys.writeFile(file, `${JSON.stringify(manifestOf(project, all))}\n`)
  }
  const inspector = openInspector(project)
  for (const diagnostic of modules.flatMap(inspector.inspect)) tell(project, program, diagnostic, options, extras)
  shelf.save()
  return found
}

/** A configuration that cannot be understood ends the compiler with one line, not with a stack trace. */
function orExit<T>(ts: TS, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Error) || !/^MM5\d{3} /.test(error.message)) throw error
    process.stderr.write(`${error.message}\n`)
    return ts.sys.exit(2) as never
  }
}

/** Any diagnostic handed to the compiler, even a warning, makes it exit non-zero: so only `strict` does. */
function tell(
  project: Project,
  program: ts.Program,
  diagnostic: Diagnostic,
  { strict }: PluginOptions,
  { ts, addDiagnostic }: PluginExtras,
): void {
  if (!strict) return void process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  const file = program.getSourceFile(path.join(project.root, diagnostic.file))
  const start = file && ts.getPositionOfLineAndCharacter(file, diagnostic.line - 1, diagnostic.column - 1)
  const code = Number(diagnostic.code.slice(2))
  const messageText = `${diagnostic.code}: ${diagnostic.message}`
  const error = { category: ts.DiagnosticCategory.Error, code, file, start, length: 1, messageText, source: 'mintmark' }
  if (addDiagnostic) addDiagnostic(error)
  else addToEmit(program, error)
}

/** `transformProgram` is given no `addDiagnostic`: the error goes out with the result of the emit. */
function addToEmit(program: ts.Program, error: ts.Diagnostic): void {
  const { emit } = program
  program.emit = (...args) => {
    const result = emit(...args)
    return { ...result, diagnostics: [...result.diagnostics, error] }
  }
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}
