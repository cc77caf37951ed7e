// The ts-patch plugin: `{ "plugins": [{ "transform": "mintmark/transformer" }] }` in tsconfig, then `tspc`.
// https://github.com/nonara/ts-patch#source-transformer-entry-point

import path from 'node:path'
import type ts from 'typescript'
import { bake } from './bake.js'
import type { Analysis } from './closure-of-step.js'
import { link } from './link.js'
import { MANIFEST, manifestOf } from './manifest.js'
import { readMarks } from './marks.js'
import type { TS } from './pen.js'
import { openProject, type Project } from './project.js'
import { type ModuleSteps, readSteps } from './steps.js'
import { readTouches } from './touches.js'

/** What stands beside `transform` in the plugin's entry. */
export interface PluginOptions {
  /** Where the manifest goes, from the folder of the tsconfig; `false` writes none. Default: `mintmark.json` in `outDir`. */
  readonly manifest?: string | false
}

export default function mintmark(program: ts.Program, options: PluginOptions, { ts }: { ts: TS }): ts.TransformerFactory<ts.SourceFile> {
  let steps: Map<string, ModuleSteps> | undefined
  return (context) => (file) => {
    steps ??= readProgram(ts, program, options)
    const own = steps.get(file.fileName)
    return own === undefined ? file : bake(ts, context, file, own)
  }
}

/** The steps of every source file of the program; the manifest is written on the way. */
function readProgram(ts: TS, program: ts.Program, { manifest }: PluginOptions): Map<string, ModuleSteps> {
  const compilerOptions = program.getCompilerOptions()
  const root = compilerOptions.configFilePath ? path.dirname(compilerOptions.configFilePath as string) : program.getCurrentDirectory()
  const project = openProject({ ts, root, compilerOptions, sourceFile: (file) => program.getSourceFile(file) })
  const found = stepsOfFiles(project, ownFiles(program))
  const all = [...found.values()].flatMap((s) => s.steps)
  if (manifest !== false && all.length > 0 && !compilerOptions.noEmit) {
    const file = path.resolve(root, manifest ?? path.join(compilerOptions.outDir ?? '.', MANIFEST))
    ts.sys.writeFile(file, `${JSON.stringify(manifestOf(project, all))}\n`)
  }
  return found
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}

export function stepsOfFiles(project: Project, files: readonly string[]): Map<string, ModuleSteps> {
  const graph = link(project)
  const marks = readMarks(graph)
  const analysis: Analysis = { graph, marks, touches: readTouches(graph, marks) }
  const reader = readSteps(analysis)
  const found = new Map<string, ModuleSteps>()
  for (const file of files) {
    const module = project.module(file)
    const steps = module && reader.stepsOf(module)
    if (steps && steps.steps.length > 0) found.set(file, steps)
  }
  return found
}
