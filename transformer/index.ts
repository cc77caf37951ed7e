// The ts-patch plugin. In tsconfig: `"plugins": [{ "transform": "mintmark/transformer", "transformProgram": true }]`, then `tspc`.
// https://github.com/nonara/ts-patch#plugins
//
// `transformProgram` lets the plugin speak before the compiler decides which files to emit again: a stamp can change where the file that
// carries it did not. Without it the plugin is only asked for files that are emitted anyway, which is enough for one-shot builds.

import path from 'node:path'
import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { bake } from './bake.js'
import { signing } from './declaration-files.js'
import { type Diagnostic, formatDiagnostic } from './diagnostics.js'
import { keptSteps } from './kept-steps.js'
import { MANIFEST } from './manifest.js'
import { isWatching, recallNeighbours, staysWatching, watchNeighbours } from './neighbours.js'
import type { TS } from './pen.js'
import type { ProgramSteps } from './program-files.js'
import { stepsOfProgram } from './program-steps.js'
import { openRestamping } from './restamp.js'
import { ownEntry } from './settings.js'
import { setVersion } from './versions.js'

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

type StepsByFile = ProgramSteps['steps']

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
  return rest.length === 3 ? transformProgram(program, ...rest) : transformFiles(program, rest[0], rest[1])
}

/** An incremental compiler asks again for each file that it emits. */
const factories = new WeakMap<ts.Program, ts.TransformerFactory<ts.SourceFile>>()

function transformFiles(program: ts.Program, options: PluginOptions, extras: PluginExtras): ts.TransformerFactory<ts.SourceFile> {
  const known = factories.get(program)
  if (known !== undefined) return known
  const { incremental, composite, watch } = program.getCompilerOptions()
  if (incremental || composite || watch) {
    const wayOut = 'Add "transformProgram": true to the plugin in tsconfig.'
    process.stderr.write(`warning MM1020: an incremental build keeps old stamps in files that it does not emit again. ${wayOut}\n`)
  }
  let steps: StepsByFile | undefined
  const factory: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    steps ??= readProgram(program, options, extras).steps
    return stamp(steps, context, file, extras)
  }
  factories.set(program, factory)
  return factory
}

function transformProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  options: PluginOptions,
  extras: PluginExtras,
): ts.Program {
  if (isEditor(host)) return program
  warnOfPlainReferences(program)
  const stays = staysWatching(host)
  const found = readProgram(program, options, extras, stays)
  const { steps } = found
  const behind = program.getCompilerOptions().composite ? found.codeBehind() : undefined
  const codeBehind = behind && ((file: string): string | undefined => behind[file])
  const restamping = openRestamping(program, host, steps)
  const versionOf = ({ fileName }: ts.SourceFile): string => {
    const own = steps.get(fileName)
    const behind = codeBehind?.(fileName)
    return own || behind ? digest(JSON.stringify([own?.classes, own?.functions, own?.marked, behind])).slice(0, 16) : ''
  }
  for (const file of program.getSourceFiles()) setVersion(file, file.isDeclarationFile ? '' : (restamping?.versionOf ?? versionOf)(file))
  // By the end of this turn the compiler has noted the versions. A watching one goes on to compare them with the text on disk: with ours in
  // place each event around the project, however empty, would compile it again.
  if (isWatching(host)) queueMicrotask(() => void program.getSourceFiles().map((file) => setVersion(file)))
  if (stays) watchNeighbours(program, host, found, extras.ts.sys)
  recallNeighbours(program, host, found)
  const { emit } = program
  program.emit = (file, writeFile, token, onlyDeclarations, custom, ...more: unknown[]) => {
    const before = [
      ...(custom?.before ?? []),
      (context: ts.TransformationContext) => (f: ts.SourceFile) => stamp(steps, context, f, extras),
    ]
    // The compiler asks for declarations by force where it only compares them with those before.
    const signed = codeBehind === undefined || more[0] === true ? writeFile : signing(writeFile ?? host!.writeFile, codeBehind)
    const write = restamping ? restamping.noting(signed ?? host!.writeFile) : signed
    const result = emit(file, write, token, onlyDeclarations, { ...custom, before }, ...(more as []))
    for (const left of restamping?.follow() ?? [])
      emit(program.getSourceFile(left), write, token, onlyDeclarations, { ...custom, before }, ...(more as []))
    return result
  }
  return program
}

/** The plugin has to be there where code is compiled that steps of other projects reach, or the edits of it go unnoticed there. */
function warnOfPlainReferences(program: ts.Program): void {
  for (const reference of program.getResolvedProjectReferences() ?? []) {
    const { plugins, configFilePath } = reference?.commandLine.options ?? {}
    if (configFilePath === undefined || ownEntry(plugins) !== undefined) continue
    const wayOut = 'Put the same entry there, or into a tsconfig that both extend.'
    process.stderr.write(
      `warning MM1021: ${configFilePath} has no entry of mintmark/transformer, so \`--build\` misses edits in it. ${wayOut}\n`,
    )
  }
}

/** A language service, under `ts-patch install`: it emits nothing, asks at each key stroke, and can be told to stop. */
function isEditor(host: ts.CompilerHost | undefined): boolean {
  return host?.getCancellationToken !== undefined
}

function stamp(steps: StepsByFile, context: ts.TransformationContext, file: ts.SourceFile, { ts }: PluginExtras): ts.SourceFile {
  const own = steps.get(file.fileName)
  return own === undefined ? file : bake(ts, context, file, own)
}

/** The steps of every source file of the program; the manifest is written and the diagnostics are told on the way. */
function readProgram(program: ts.Program, options: PluginOptions, extras: PluginExtras, stays = false): ProgramSteps {
  const { ts } = extras
  const { outDir = '.', noEmit } = program.getCompilerOptions()
  const found = orExit(ts, () => (stays ? stepsOfProgram(ts, program, { stays }) : keptSteps(ts, program)))
  if (options.manifest !== false && found.manifestDigest !== '' && !noEmit) {
    const file = path.resolve(found.root, options.manifest ?? path.join(outDir, MANIFEST))
    if (digest(ts.sys.readFile(file) ?? '') !== found.manifestDigest) ts.sys.writeFile(file, found.manifest())
  }
  for (const diagnostic of found.diagnostics) tell(found.root, program, diagnostic, options, extras)
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
  root: string,
  program: ts.Program,
  diagnostic: Diagnostic,
  { strict }: PluginOptions,
  { ts, addDiagnostic }: PluginExtras,
): void {
  if (!strict) return void process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  const file = program.getSourceFile(path.join(root, diagnostic.file))
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
