// The steps of many files, read over one graph.

import type { Analysis } from './closure-of-step.js'
import { link } from './link.js'
import { readMarks } from './marks.js'
import type { Project } from './project.js'
import { type ModuleSteps, readSteps } from './steps.js'
import { readTouches } from './touches.js'

/** By file name, only those that hold steps. */
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
