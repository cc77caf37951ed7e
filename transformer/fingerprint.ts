// Graph and root -> closure -> digest.

import { type Fingerprint, FORMAT } from '../runtime/contract.js'
import { closureOfExport } from './closure-of-export.js'
import type { Graph } from './graph.js'
import type { Module } from './module.js'
import { digestClosure } from './walk.js'

/** The fingerprint of every function, class and constant that a module declares and exports, by export name. */
export function fingerprintExports(graph: Graph, module: Module): Map<string, Fingerprint> {
  const found = new Map<string, Fingerprint>()
  for (const [name, exported] of Object.entries(module.summary.exports)) {
    if (exported.kind !== 'local' || module.summary.bindings[exported.name]?.kind !== 'declaration') continue
    const root = graph.resolveName(module, exported.name)
    found.set(name, digestClosure(closureOfExport(graph, module, root), FORMAT) as string as Fingerprint)
  }
  return found
}
