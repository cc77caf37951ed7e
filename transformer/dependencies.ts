// What the stamps of a module rest on, as files: whoever keeps them has to ask again when one of these has changed.

import path from 'node:path'
import { fixedPart } from './glob.js'
import type { Node } from './graph.js'
import type { Module, Target } from './module.js'
import { loadingIn, typesOf } from './outlines.js'
import type { ModuleSteps } from './stamped.js'

export interface Dependencies {
  /** Sources, imported files, package.json files of packages, tsconfigs. Absolute, in code-unit order. */
  readonly files: readonly string[]
  /** Folders in which a new file may match a pattern that a step includes. */
  readonly folders: readonly string[]
}

/** What the steps of a module reach that includes files by patterns. */
export function includingIn({ steps }: ModuleSteps): Node[] {
  return steps.flatMap((s) => s.closure.visits.flatMap(({ node }) => (patternsOf(node).length > 0 ? [node] : [])))
}

/**
 * All that the module imports, however far: what a step's closure holds depends on modules that it passes through, too. `including`: what its
 * steps reach that includes files by patterns.
 */
export function readDependencies(): (module: Module, including: readonly Node[]) => Dependencies {
  const direct = new Map<Module, readonly Target[]>()

  function targetsOf(module: Module): readonly Target[] {
    let found = direct.get(module)
    if (found === undefined) direct.set(module, (found = readTargets(module)))
    return found
  }

  return (module, including) => {
    const modules = new Set([module])
    const files = new Set<string>()
    const folders = new Set<string>()
    for (const each of modules) {
      for (const file of each.files) files.add(file)
      for (const target of targetsOf(each)) {
        if (target.kind === 'module') modules.add(target.module)
        else if (target.kind === 'asset') files.add(target.file)
        else if (target.kind === 'package') for (const file of target.files) files.add(file)
      }
    }
    for (const node of including) {
      for (const pattern of patternsOf(node)) {
        for (const file of node.module.matching(pattern)) files.add(file)
        const fixed = fixedPart(pattern)
        folders.add(path.resolve(path.dirname(node.module.path), fixed === pattern ? path.dirname(pattern) : fixed))
      }
    }
    return { files: [...files].sort(), folders: [...folders].sort() }
  }
}

const NONE: readonly string[] = []

function patternsOf({ declaration }: Node): readonly string[] {
  if (declaration?.includes === undefined && declaration?.globs === undefined) return NONE
  const globbed = (declaration.globs ?? []).flatMap(({ patterns }) => patterns.filter((each) => !each.startsWith('!')))
  return [...(declaration.includes ?? []), ...globbed]
}

function readTargets(module: Module): Target[] {
  const { imports } = module.summary
  const declarations = loadingIn(module.summary)
  const { jsxRuntime } = module.options
  const { imported = {}, exported = {}, stars = [], mentioned = [] } = typesOf(module.summary) ?? {}
  const typed = [...Object.values(imported), ...Object.values(exported)].flatMap(({ from }) => from ?? [])
  const named = declarations.flatMap((d) => d.mentions.filter((m) => m.kind === 'module' || m.kind === 'asset'))
  return [
    ...imports.map((_, index) => module.target(index)),
    ...named.map((m) => module.resolve(m.name)),
    ...declarations.flatMap((d) => (d.globs ?? []).flatMap((glob) => module.globbed(glob).map((each) => module.resolve(each)))),
    // The classes that inputs are annotated with.
    ...[...new Set([...typed, ...stars, ...mentioned])].map((specifier) => module.resolve(specifier)),
    ...(jsxRuntime === undefined ? [] : [module.resolve(jsxRuntime)]),
  ]
}
