// Between projects that reference each other, `tsc --build` looks at a dependant again only when a declaration file before it has changed,
// and the body of a helper changes none. So each declaration file of a composite project ends with a digest of the code behind it:
//
//   // mintmark 1f0c0a9b5d3e7a42
//   //# sourceMappingURL=helper.d.ts.map
//
// It comes after the compiler has written the text, so `removeComments` and declaration maps do not feel it.

import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import type { Module, Target } from './module.js'
import { complete } from './outlines.js'
import type { Project } from './project.js'

const DECLARATIONS = /\.d\.(?:[^./\\]+\.)?[cm]?ts$/
const MAP_COMMENT = /\/\/# sourceMappingURL=\S*\s*$/

/** Digests of modules with all that they import, however far: coarser than a fingerprint, and cheap. */
export function readCodeBehind(project: Project): (file: string) => string | undefined {
  const own = new Map<Module, { readonly text: string; readonly modules: readonly Module[] }>()
  const found = new Map<Module, string>()

  function ownOf(module: Module): { readonly text: string; readonly modules: readonly Module[] } {
    let known = own.get(module)
    if (known === undefined) {
      const targets = targetsOf(module)
      const leaves = targets.flatMap((t) => (t.kind === 'asset' ? [`${t.digest}${t.query}`] : t.kind === 'package' ? [t.identity] : []))
      const includes = module.summary.declarations.flatMap((d) => (d.includes ?? []).flatMap((pattern) => module.include(pattern)))
      const text = digest(JSON.stringify([complete(module.summary), leaves, includes], withoutPlaces))
      known = { text, modules: targets.flatMap((t) => (t.kind === 'module' ? [t.module] : [])) }
      own.set(module, known)
    }
    return known
  }

  function digestOf(module: Module): string {
    const reached = new Set([module])
    for (const each of reached) for (const other of ownOf(each).modules) reached.add(other)
    const texts = [...reached].map((each) => ownOf(each).text).sort()
    return digest(texts.join()).slice(0, 16)
  }

  return (file) => {
    const module = project.module(file)
    if (module === undefined) return undefined
    let known = found.get(module)
    if (known === undefined) found.set(module, (known = digestOf(module)))
    return known
  }
}

function targetsOf(module: Module): Target[] {
  const named = complete(module.summary).declarations.flatMap((d) => d.mentions.filter((m) => m.kind === 'module' || m.kind === 'asset'))
  return [...module.summary.imports.map((_, index) => module.target(index)), ...named.map((m) => module.resolve(m.name))]
}

/** An edit that only moves code changes no digest. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'at' && typeof value === 'number' ? undefined : value
}

/** What the compiler hands on with a text: it compares declaration files up to the comment that names their map. */
interface WriteData {
  sourceMapUrlPos?: number
}

/** A `writeFile` that puts the digest into declaration files. */
export function signing(write: ts.WriteFileCallback, codeBehind: (file: string) => string | undefined): ts.WriteFileCallback {
  return (name, text, mark, onError, sources, data) => {
    const digests = DECLARATIONS.test(name) ? (sources ?? []).flatMap((s) => codeBehind(s.fileName) ?? []) : []
    if (digests.length === 0) return write(name, text, mark, onError, sources, data)
    const at = MAP_COMMENT.exec(text)?.index ?? text.length
    const line = `${/(?:^|\n)$/.test(text.slice(0, at)) ? '' : '\n'}// mintmark ${digests.join(' ')}\n`
    const told = data as WriteData | undefined
    if (told?.sourceMapUrlPos !== undefined) told.sourceMapUrlPos += line.length
    write(name, `${text.slice(0, at)}${line}${text.slice(at)}`, mark, onError, sources, data)
  }
}
