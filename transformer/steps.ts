// The steps of a module: its classes with steps and the functions that it gives to `memoize`, each with its stamp.

import type ts from 'typescript'
import { type ClassStamp, type Fingerprint, FORMAT, type StepStamp } from '../runtime/contract.js'
import { type Analysis, closureOfStep, type Given, type StepClosure } from './closure-of-step.js'
import { type Draft, openDraft } from './draft.js'
import type { Edge, Node } from './graph.js'
import { classesOf, classMark, fieldClasses, isPlain } from './input-classes.js'
import type { JoinReads } from './join-reads.js'
import { chainOf } from './members.js'
import { functionRoots, namesOf } from './memoized-functions.js'
import type { Module } from './module.js'
import { runtimeOf } from './options.js'
import { saying } from './outlines.js'
import { type FunctionRoot, type MarkKind, type MethodRoot, methodRoots } from './roots.js'
import { type MarkedClass, type ModuleSteps, NONE, type StampedFunction, type StampedStep } from './stamped.js'
import type { Name } from './summary.js'
import { digestClosure } from './walk.js'

// Names that a flow has from FlowSpec and that are no artifacts.
const SERVICES = new Set(['next', 'resumable', 'mergeArtifacts', 'attempt', 'checkpoint'])

export interface StepReader {
  stepsOf(module: Module): ModuleSteps
  /** Whatever the inputs of the module's steps are annotated with: of fields all, so that no closure has to be read. */
  annotatedIn(module: Module): readonly Node[]
  /** The marks of these classes of a module. */
  marksOf(classes: readonly Node[]): readonly MarkedClass[]
}

export function readSteps(analysis: Analysis): StepReader {
  const { graph, marks } = analysis
  const methods = new Map<Node, readonly MethodRoot[]>()
  const roots = new Map<Module, readonly FunctionRoot[]>()

  function markOf(module: Module): (name: Name) => MarkKind {
    return (name) => (marks.memoizes(module, name) ? 'memoize' : marks.makesSteps(module, name) ? 'step' : undefined)
  }

  function methodsOf(node: Node): readonly MethodRoot[] {
    let found = methods.get(node)
    if (found === undefined) {
      const file = graph.project.source(node.module)
      const draft = openDraft(graph.project.ts, file, runtimeOf(node.module.options, file.text))
      const syntax = classAt(draft, node.declaration!.at)
      found = syntax === undefined ? [] : methodRoots(draft, syntax, node.decl, markOf(node.module))
      methods.set(node, found)
    }
    return found
  }

  /** Each step that an instance of the class runs, by its nearest definition. */
  function stepsOfClass(owner: Node): { of: Node; root: MethodRoot }[] {
    const found = new Map<string, { of: Node; root: MethodRoot }>()
    for (let of: Node | undefined = owner; of?.declaration?.kind === 'class'; ) {
      for (const root of methodsOf(of)) if (!found.has(root.name)) found.set(root.name, { of, root })
      const { base } = of.declaration as { base?: Name }
      const edge: Edge | undefined = base && graph.resolveName(of.module, base.name, base.member)
      of = edge?.kind === 'node' ? edge.node : undefined
    }
    return [...found.values()]
  }

  /** `static memoize = ...` on the class or one that it extends. */
  function memoizesAll(owner: Node): boolean {
    const { members = [], base } = owner.declaration!
    if (members.some((m) => m.isStatic && m.name === 'memoize')) return true
    const edge = base && graph.resolveName(owner.module, base.name, base.member)
    return edge?.kind === 'node' && edge.node.declaration?.kind === 'class' && memoizesAll(edge.node)
  }

  function stampClass(owner: Node, steps: StampedStep[]): ClassStamp {
    const stamps: Record<string, StepStamp> = {}
    const all = stepsOfClass(owner)
    const names = new Set(all.map(({ root }) => root.name))
    const mergesItself = chainOf(graph, owner).some((c) => c.declaration!.members?.some((m) => m.name === 'mergeArtifacts'))
    for (const { of, root } of all) {
      const node = graph.root(of.module, root.declaration)
      // A parameter of a step is what it joins; that of any other memoized method is an argument.
      const joins = root.joins && !isPlain(graph, owner)
      const given = joins ? [] : classesOf(graph, of.module, root.parameters)
      const branches = joins ? (root.joinReads?.names ?? 'any') : undefined
      const { closure, reads, hidden, inputs, runsOnBranches } = closureWithInputs(node, owner, given, { branches, steps: names })
      const fingerprint = digestClosure(closure, FORMAT) as string as Fingerprint
      const id = `${graph.project.show(owner.module.path)}#${owner.declaration!.name}.${root.name}`
      const { at } = root.declaration
      const isMemoized = root.isMemoized || memoizesAll(owner)
      const read = joins && !mergesItself ? root.joinReads : undefined
      const hidesReads = reads === undefined && !joins && !root.namesInputs
      steps.push({
        id,
        fingerprint,
        closure,
        module: of.module,
        at,
        end: root.end,
        isMemoized,
        hidesReads,
        env: root.env,
        hasTtl: root.hasTtl,
      })
      stamps[root.name] = {
        id,
        fingerprint,
        // What a join reads comes through its parameter, too.
        ...(reads && (!joins || read) && { reads: reads.filter((name) => !SERVICES.has(name)) }),
        ...(reads && read && { branchReads: branchReads(read, runsOnBranches ? reads : []), merges: read.merges }),
        ...(root.next && { next: root.next }),
        ...(root.targets.length > 0 && { targets: root.targets }),
        ...(joins && { joins: true }),
        ...(hidden.length > 0 && { hidden }),
        ...classesIn(inputs),
      }
    }
    return { kind: 'class', format: FORMAT, steps: stamps }
  }

  /** The fields that a step reads bring in their classes, whose code does not read fields of the step's own instance. */
  function closureWithInputs(
    node: Node,
    owner: Node,
    given: readonly Node[],
    more: Given,
  ): StepClosure & { readonly inputs: readonly Node[] } {
    const bare = closureOfStep(analysis, node, owner, more)
    const inputs = [...new Set([...given, ...fieldClasses(graph, owner, bare.reads)])]
    return { ...(inputs.length === 0 ? bare : closureOfStep(analysis, node, owner, { ...more, inputs })), inputs }
  }

  /** The marks of the classes, for the stamp. */
  function classesIn(inputs: readonly Node[]): { classes?: readonly string[] } {
    return inputs.length === 0 ? {} : { classes: inputs.map((node) => classMark(graph, marks, node).id) }
  }

  function ownersIn(module: Module): Node[] {
    return module.summary.declarations.flatMap((d, i) => {
      const node = d.kind === 'class' ? graph.node(module, i) : undefined
      return node && marks.isStepClass(node) ? [node] : []
    })
  }

  function rootsAt(module: Module, starts: readonly number[]): readonly FunctionRoot[] {
    const file = graph.project.source(module)
    return functionRoots(graph.project.ts, file, starts, runtimeOf(module.options, file.text))
  }

  function functionsIn(module: Module): readonly FunctionRoot[] {
    let found = roots.get(module)
    if (found === undefined) {
      const names = marks.namesNear(module)
      const calls = names.length === 0 ? [] : saying(module.summary, names).flatMap((d) => d.calls ?? [])
      const starts = calls.filter(({ callees }) => callees.some((c) => marks.memoizes(module, c))).map(({ at }) => at)
      found = starts.length > 0 ? rootsAt(module, starts) : []
      roots.set(module, found)
    }
    return found
  }

  function stampFunction(module: Module, root: FunctionRoot, name: string, steps: StampedStep[]): StampedFunction {
    const { start, end, isLiteral, declaration, captures } = root
    const inputs = inputsOf(module, root)
    const { closure } = closureOfStep(analysis, graph.root(module, declaration), undefined, { inputs })
    const fingerprint = digestClosure(closure, FORMAT) as string as Fingerprint
    const id = `${graph.project.show(module.path)}#${name}`
    steps.push({
      id,
      fingerprint,
      closure,
      module,
      at: start,
      end,
      isMemoized: true,
      hidesReads: false,
      env: root.env,
      hasTtl: root.hasTtl,
    })
    return { start, end, isLiteral, captures, stamp: { kind: 'function', format: FORMAT, id, fingerprint, ...classesIn(inputs) } }
  }

  /** By the types of the parameters and captured variables; of a function that is only named, by those of its declaration. */
  function inputsOf(module: Module, { types, named }: FunctionRoot): readonly Node[] {
    const edge = named && graph.resolveName(module, named.name, named.member)
    const other = edge?.kind === 'node' ? edge.node : undefined
    const parameters = other?.declaration?.parameters ?? []
    return [...new Set([...classesOf(graph, module, types), ...(other ? classesOf(graph, other.module, parameters) : [])])]
  }

  return {
    stepsOf(module) {
      const owners = ownersIn(module)
      const found = functionsIn(module)
      if (owners.length === 0 && found.length === 0) return NONE
      const steps: StampedStep[] = []
      const classes = owners.map((owner) => ({ at: owner.declaration!.at, stamp: stampClass(owner, steps) }))
      const names = namesOf(graph.project.source(module), graph.project.ts, found)
      const functions = found.flatMap((root, i) => (root.hidden === undefined ? [stampFunction(module, root, names[i]!, steps)] : []))
      const unstamped = found.flatMap(({ hidden, start }, i) =>
        hidden === undefined ? [] : [{ module, at: start, name: names[i]!, variable: hidden }],
      )
      return { classes, functions, marked: [], steps, unstamped }
    },
    annotatedIn(module) {
      const ofMethods = ownersIn(module).flatMap((owner) => [
        ...stepsOfClass(owner).flatMap(({ of, root }) => classesOf(graph, of.module, root.parameters)),
        ...fieldClasses(graph, owner, undefined),
      ])
      const ofFunctions = functionsIn(module).flatMap((root) => inputsOf(module, root))
      return [...new Set([...ofMethods, ...ofFunctions])]
    },
    marksOf(classes) {
      const marked = classes.map((node) => ({
        name: node.declaration!.name,
        at: node.declaration!.at,
        mark: classMark(graph, marks, node),
      }))
      return marked.sort((a, b) => a.at - b.at)
    },
  }
}

/** Code-unit order. */
function branchReads({ names }: JoinReads, throughThis: readonly string[]): string[] {
  return [...new Set([...names, ...throughThis])].filter((name) => !SERVICES.has(name)).sort()
}

function classAt({ ts, file }: Draft, at: number): ts.ClassLikeDeclaration | undefined {
  return file.statements.find((s) => s.getStart(file) === at && ts.isClassLike(s)) as ts.ClassDeclaration | undefined
}
