// Everything that is asked about the modules of a project, over one graph; after an edit, over another one, as far as nothing is known that
// still holds.

import { fingerprintExports } from './fingerprint.js'
import type { Graph, Node } from './graph.js'
import { isFlow } from './input-classes.js'
import { isSameSet } from './kept-modules.js'
import { link } from './link.js'
import { readMarks } from './marks.js'
import type { Module } from './module.js'
import type { Project } from './project.js'
import { type MarkedClass, type ModuleSteps, NONE } from './stamped.js'
import { readSteps, type StepReader } from './steps.js'
import { readTouches } from './touches.js'

export interface Reader {
  readonly graph: Graph
  stepsOf(module: Module): ModuleSteps
  /** It has a class that is no flow, so that some step may be given its instances. */
  hasClasses(module: Module): boolean
  /** Whatever the inputs of the module's steps are annotated with. */
  annotatedIn(module: Module): readonly Place[]
  /** The marks of these classes of a module. */
  marksOf(module: Module, decls: ReadonlySet<number> | undefined): readonly MarkedClass[]
  /** The classes of a module whose instances some step of these modules may be given; they are asked for where it has any class but flows. */
  markedIn(module: Module, others: () => readonly Module[]): readonly MarkedClass[]
  /** Of these modules something else may be true by now. They, and those with classes that are marked for other reasons than before. */
  forget(modules: ReadonlySet<Module>): ReadonlySet<Module>
}

/** A class by its place: nodes belong to one graph. */
export interface Place {
  readonly module: Module
  readonly decl: number
}

export function openReader(project: Project): Reader {
  const annotated = new Map<Module, readonly Place[]>()
  let now: { readonly graph: Graph; readonly steps: StepReader } | undefined
  let asked: { readonly others: readonly Module[]; readonly classes: ReadonlyMap<Module, ReadonlySet<number>> } | undefined

  function read(): { readonly graph: Graph; readonly steps: StepReader } {
    if (now === undefined) {
      const graph = link(project)
      const marks = readMarks(graph)
      now = { graph, steps: readSteps({ graph, marks, touches: readTouches(graph, marks), expansions: new Map() }) }
    }
    return now
  }

  function annotatedIn(module: Module): readonly Place[] {
    let found = annotated.get(module)
    if (found === undefined) {
      found = read()
        .steps.annotatedIn(module)
        .map(({ module, decl }) => ({ module, decl }))
      annotated.set(module, found)
    }
    return found
  }

  /** By module, whoever annotates with them. */
  function classesFor(others: readonly Module[]): ReadonlyMap<Module, ReadonlySet<number>> {
    if (asked?.others !== others) {
      const classes = new Map<Module, Set<number>>()
      for (const { module, decl } of others.flatMap(annotatedIn)) classes.set(module, (classes.get(module) ?? new Set()).add(decl))
      asked = { others, classes }
    }
    return asked.classes
  }

  function classesIn(module: Module): Node[] {
    const { graph } = read()
    return module.summary.declarations.flatMap((d, i) => (d.kind === 'class' ? [graph.node(module, i)] : []))
  }

  const hasClasses = (module: Module): boolean => classesIn(module).some((node) => !isFlow(read().graph, node))
  const marksOf: Reader['marksOf'] = (module, decls) => read().steps.marksOf(classesIn(module).filter(({ decl }) => decls?.has(decl)))

  return {
    get graph() {
      return read().graph
    },
    stepsOf: (module) => read().steps.stepsOf(module),
    hasClasses,
    annotatedIn,
    marksOf,
    markedIn: (module, others) => (hasClasses(module) ? marksOf(module, classesFor(others()).get(module)) : []),
    forget(modules) {
      const before = asked
      now = undefined
      asked = undefined
      for (const module of modules) annotated.delete(module)
      if (before === undefined) return modules
      const after = classesFor(before.others)
      const marked = [...before.classes.keys(), ...after.keys()]
      return new Set([...modules, ...marked.filter((m) => !isSameSet(before.classes.get(m), after.get(m)))])
    },
  }
}

/** The steps of each file, and the classes to mark, by file name; only of those that hold any. */
export function stepsOfFiles(project: Project, files: readonly string[], reader: Reader = openReader(project)): Map<string, ModuleSteps> {
  const modules = files.flatMap((file) => {
    const module = project.module(file)
    return module === undefined ? [] : [[file, module] as const]
  })
  const all = modules.map(([, module]) => module)
  const found = new Map<string, ModuleSteps>()
  for (const [file, module] of modules) {
    const steps = reader.stepsOf(module)
    if (steps.steps.length + steps.unstamped.length > 0) found.set(file, steps)
  }
  // A class is marked in its own file, whoever is given its instances.
  for (const [file, module] of modules) {
    const marked = reader.markedIn(module, () => all)
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
