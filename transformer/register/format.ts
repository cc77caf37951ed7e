// Whether a file is an ES module or CommonJS: as Node takes the JavaScript that the compiler would have made of it.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from '../disk.js'
import { readJson } from '../packages.js'
import type { TS } from '../pen.js'

export type Format = 'module' | 'commonjs'

export type FormatOf = (file: string, compiler: ts.CompilerOptions, isWrittenAsModule: () => boolean) => Format

/**
 * By extension, then by `type` of the nearest package.json. Where that says nothing, by what `module` of the tsconfig asks the compiler for;
 * and where that leaves the modules as they are written, by how the file is written.
 */
export function openFormats(ts: TS, disk: Disk): FormatOf {
  const types = new Map<string, string | undefined>()

  function typeOf(dir: string): string | undefined {
    if (types.has(dir)) return types.get(dir)
    const file = path.join(dir, 'package.json')
    const parent = path.dirname(dir)
    const isEnd = parent === dir || path.basename(dir) === 'node_modules'
    const found = disk.exists(file) ? readJson<{ type: string }>(disk, file).type : isEnd ? undefined : typeOf(parent)
    types.set(dir, found)
    return found
  }

  return (file, { module }, isWrittenAsModule) => {
    if (/\.m[jt]s$/.test(file)) return 'module'
    if (/\.c[jt]s$/.test(file)) return 'commonjs'
    const type = typeOf(path.dirname(file))
    if (type === 'module' || type === 'commonjs') return type
    const { CommonJS, Node16, NodeNext } = ts.ModuleKind
    if (module === CommonJS || (module !== undefined && module >= Node16 && module <= NodeNext)) return 'commonjs'
    return isWrittenAsModule() ? 'module' : 'commonjs'
  }
}
