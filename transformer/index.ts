// The ts-patch plugin: `{ "plugins": [{ "transform": "mintmark/transformer" }] }` in tsconfig, then `tspc`.
// https://github.com/nonara/ts-patch#source-transformer-entry-point

import path from 'node:path'
import type ts from 'typescript'
import { stepsOfFiles } from './analysis.js'
import { bake } from './bake.js'
import { type Diagnostic, formatDiagnostic, openInspector } from './diagnostics.js'
import { MANIFEST, manifestOf } from './manifest.js'
import type { TS } from './pen.js'
import { openProject, type Project } from './project.js'
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

export default function mintmark(program: ts.Program, options: PluginOptions, extras: PluginExtras): ts.TransformerFactory<ts.SourceFile> {
  const { ts } = extras
  let steps: Map<string, ModuleSteps> | undefined
  return (context) => (file) => {
    steps ??= readProgram(program, options, extras)
    const own = steps.get(file.fileName)
    return own === undefined ? file : bake(ts, context, file, own)
  }
}

/** The steps of every source file of the program; the manifest is written and the diagnostics are told on the way. */
function readProgram(program: ts.Program, options: PluginOptions, extras: PluginExtras): Map<string, ModuleSteps> {
  const { ts } = extras
  const compilerOptions = program.getCompilerOptions()
  const root = compilerOptions.configFilePath ? path.dirname(compilerOptions.configFilePath as string) : program.getCurrentDirectory()
  const project = openProject({ ts, root, compilerOptions, sourceFile: (file) => program.getSourceFile(file) })
  const found = stepsOfFiles(project, ownFiles(program))
  const modules = [...found.values()]
  const all = modules.flatMap((s) => s.steps)
  if (options.manifest !== false && all.length > 0 && !compilerOptions.noEmit) {
    const file = path.resolve(root, options.manifest ?? path.join(compilerOptions.outDir ?? '.', MANIFEST))
    ts.sys.writeFile(file, `${JSON.stringify(manifestOf(project, all))}\n`)
  }
  const inspector = openInspector(project)
  for (const diagnostic of modules.flatMap(inspector.inspect)) tell(project, program, diagnostic, options, extras)
  return found
}

/** Any diagnostic handed to the compiler, even a warning, makes it exit non-zero: so only `strict` does. */
function tell(
  project: Project,
  program: ts.Program,
  diagnostic: Diagnostic,
  { strict }: PluginOptions,
  { ts, addDiagnostic }: PluginExtras,
): void {
  if (!strict || addDiagnostic === undefined) return void process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
  const file = program.getSourceFile(path.join(project.root, diagnostic.file))
  const start = file && ts.getPositionOfLineAndCharacter(file, diagnostic.line - 1, diagnostic.column - 1)
  const code = Number(diagnostic.code.slice(2))
  const messageText = `${diagnostic.code}: ${diagnostic.message}`
  addDiagnostic({ category: ts.DiagnosticCategory.Error, code, file, start, length: 1, messageText, source: 'mintmark' })
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}
