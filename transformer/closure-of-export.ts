// What an export can run when its callers are unknown. They may use every member of what it hands out, and they evaluate its modules:
// classes and objects count whole, and so does every top-level statement of the evaluated modules that can be felt.

import type { Edge, Graph, Node } from './link.js'
import type { Module } from './project.js'
import type { Declaration } from './summary.js'
import { type Closure, type Group, groupOf, type Item, inOrder, openWalk, type Step } from './walk.js'

export function closureOfExport(graph: Graph, root: Edge): Closure {
  const walk = openWalk((item) => expandWhole(graph, item.node))
  const evaluated = new Set<Module>()
  walk.run([stepOf(root)])
  for (let next = 0; next < walk.modules.length; ) {
    const groups: Group[] = []
    for (; next < walk.modules.length; next++) evaluate(graph, walk.modules[next]!, evaluated, groups)
    for (const group of inOrder(groups)) walk.run(group.steps)
  }
  return walk.closure()
}

/** Everything that a declaration leads to, classes and objects whole. */
export function expandWhole(graph: Graph, node: Node): Step[] {
  const steps = graph.edges(node).map(stepOf)
  if (node.declaration?.kind === 'class')
    for (const m of node.declaration.members ?? []) steps.push(itemOf(graph.node(node.module, m.decl)))
  for (const assigner of graph.assigners(node)) steps.push(itemOf(assigner))
  return steps
}

export function itemOf(node: Node): Item {
  return { node, slot: 0 }
}

function stepOf(edge: Edge): Step {
  if (edge.kind === 'node') return edge
  return edge.kind === 'leaf' ? edge.text : edge.kind
}

/** What evaluating a module runs, and what it runs of the modules that it imports. */
function evaluate(graph: Graph, module: Module, evaluated: Set<Module>, groups: Group[]): void {
  if (evaluated.has(module)) return
  evaluated.add(module)
  const isFelt = (d: Declaration): boolean => d.impure || (d.impureAssign === true && !module.options.fieldsDefine)
  const steps = module.summary.declarations.flatMap((d, i) => (isFelt(d) ? [itemOf(graph.node(module, i))] : []))
  if (steps.length > 0) groups.push(groupOf(steps))
  module.summary.imports.forEach((i, index) => {
    if (!i.evaluated) return
    const target = module.target(index)
    if (target.kind === 'module' && !target.module.sideEffectFree) evaluate(graph, target.module, evaluated, groups)
    if (target.kind === 'package') groups.push(groupOf([`evaluates ${target.identity} ${target.subpath}`]))
  })
}
