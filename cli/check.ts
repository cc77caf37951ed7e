// `mintmark check`: what the steps of a project reach that their fingerprints cannot speak for.

import path from 'node:path'
import { stepsOfFiles } from '../transformer/analysis.js'
import { type Diagnostic, formatDiagnostic, openInspector } from '../transformer/diagnostics.js'
import { openDisk } from '../transformer/disk.js'
import { openProject } from '../transformer/project.js'
import { projectShelf } from '../transformer/shelf.js'
import { loadTypeScript } from '../transformer/typescript.js'
import { filesOf, findConfig, noSource } from './project.js'

/** Exit code 1 when there is something to tell. Throws MM5002 to MM5004. */
export async function checkProject(files: readonly string[], options: { project?: string; json?: boolean }): Promise<void> {
  const root = process.cwd()
  const tsconfig = findConfig(path.resolve(root, options.project ?? '.'))
  const ts = loadTypeScript(root)
  const disk = openDisk()
  const named = files.length > 0 ? files.map((f) => path.resolve(root, f)) : filesOf(ts, disk, tsconfig)
  const shelf = projectShelf(root, ts.version)
  const project = openProject({ ts, root, disk, tsconfig, shelf })
  for (const [i, file] of files.entries()) if (project.module(named[i]!) === undefined) throw noSource(file)
  const steps = [...stepsOfFiles(project, named).values()]
  const inspector = openInspector(project)
  const diagnostics = steps.flatMap(inspector.inspect)
  shelf.save()
  if (options.json) process.stdout.write(`${JSON.stringify(diagnostics, null, 2)}\n`)
  else for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(diagnostic)}\n`)
  if (!options.json) process.stderr.write(`${summary(steps.flatMap((s) => s.steps).length, diagnostics)}\n`)
  if (diagnostics.length > 0) process.exitCode = 1
}

function summary(steps: number, diagnostics: readonly Diagnostic[]): string {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
  return `${count(steps, 'step')}, ${count(diagnostics.length, 'thing')} that no fingerprint can speak for`
}
