// Modules that come in late, by `import()` and `require`. Where one of them is evaluated, bundlers evaluate what it hands on by `export *` and
// what lies between its reached code and what that imports, also where a package.json calls all of this free of effects.

import type { Node } from './graph.js'
import type { Module, Target } from './module.js'

export interface LateModules {
  /** What the code of `node` loads is late from now on, with all that it imports. */
  note(node: Node): void
  /** What is evaluated besides, given what is evaluated and reached so far. */
  besides(evaluated: Iterable<Module>, reached: Iterable<Node>): Set<Module>
}

export function openLateModules(): LateModules {
  const late = new Set<Module>()

  function add(loaded: Target): void {
    const pending = [loaded]
    for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
      if (target.kind !== 'module' || late.has(target.module)) continue
      const { module } = target
      late.add(module)
      for (const [index, { evaluated }] of module.summary.imports.entries()) if (evaluated) pending.push(module.target(index))
    }
  }

  return {
    note: ({ declaration, module }) => {
      for (const { kind, name } of declaration?.mentions ?? []) if (kind === 'module') add(module.resolve(name))
    },
    besides: (evaluated, reached) => {
      const found = new Set<Module>()
      if (late.size === 0) return found
      for (const module of evaluated)
        if (late.has(module)) for (const star of module.summary.stars) for (const m of moduleOf(module.target(star))) found.add(m)
      const seen = new Set<string>()
      for (const { declaration, module } of reached) {
        if (!late.has(module)) continue
        // A namespace object holds all that its module hands on.
        const names = declaration?.mentions.flatMap((m) => (m.kind === 'binding' ? [m.name] : [])) ?? Object.keys(module.summary.exports)
        for (const name of names) follow(module, name, declaration === undefined, found, seen)
      }
      return found
    },
  }
}

/** The modules that a name of `module` comes by. */
function follow(module: Module, name: string, isExport: boolean, found: Set<Module>, seen: Set<string>): void {
  const key = `${module.path}\0${name}\0${isExport}`
  if (seen.has(key)) return
  seen.add(key)
  const { exports, bindings, stars } = module.summary
  const exported = isExport ? exports[name] : undefined
  if (isExport && exported === undefined) {
    for (const star of stars) for (const m of moduleOf(module.target(star))) follow(m, name, true, found, seen)
    return
  }
  const from = exported?.kind === 'from' ? exported : bindings[exported?.name ?? name]
  if (from?.kind !== 'from' && from?.kind !== 'import') return
  for (const m of moduleOf(module.target(from.from))) {
    found.add(m)
    follow(m, from.name, true, found, seen)
  }
}

function moduleOf(target: Target): Module[] {
  return target.kind === 'module' ? [target.module] : []
}
