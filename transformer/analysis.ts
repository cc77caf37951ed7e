// Everything that is asked about the modules of a project, over one graph.

import { fingerprintExports } from './fingerprint.js'
import { type Graph, link } from './link.js'
import { readMarks } from './marks.js'
import type { Module, Project } from './project.js'
import { type ModuleSteps, NONE } from './stamped.js'
import { readSteps, type StepReader } from './steps.js'
import { readTouches } from './touches.js'

export interface Reader extends StepReader {
  readonly graph: Graph
}

export function openReader(project: Project): Reader {
  const graph = link(project)
  const marks = readMarks(graph)
  return { graph, ...readSteps({ graph, marks, touches: readTouches(graph, marks) }) }
}

/** The steps of each file, and the classes to mark, by file name; only of those that hold any. */
export function stepsOfFiles(project: Project, files: readonly string[]): Map<string, ModuleSteps> {
  const reader = openReader(project)
  const found = new Map<string, ModuleSteps>()
  for (const file of files) {
    const module = project.module(file)
    const steps = module && reader.stepsOf(module)
    if (steps && steps.steps.length + steps.unstamped.length > 0) found.set(file, steps)
  }
  // A class is marked in its own file, whoever is given its instances.
  const all = files.flatMap((file) => project.module(file) ?? [])
  for (const file of files) {
    const module = project.module(file)
    const marked = module === undefined ? [] : reader.markedIn(module, () => all)
    if (marked.length > 0) found.set(file, { ...(found.get(file) ?? NONE), marked })
  }
  return found
}

/**
 * The fingerprints of a module by name: of its exports, and of its steps as they are stamped (`Class.step`, or the name of the memoized
 * function, which then speaks for the export of that name).
 */
export function fingerprintModule({ graph, stepsOf }: Reader, module: Module): Map<string, string> {
  const found = new Map<string, string>(fingerprintExports(graph, module))
  for (const { id, fingerprint } of stepsOf(module).steps) found.set(id.slice(id.indexOf('#') + 1), fingerprint)
  return found
}
