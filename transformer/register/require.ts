// The same for `require`, which asks no hooks in a thread of their own. So it is taken by its tables, which Node keeps for that.
// https://nodejs.org/docs/latest-v20.x/api/modules.html#requireextensions

import Module from 'node:module'
import { isOwn, type Session } from './session.js'

interface Tables {
  _extensions: Record<string, (module: NodeModule & { _compile(code: string, file: string, format: string): void }, file: string) => void>
  _resolveFilename: (request: string, parent: NodeModule | undefined, ...rest: unknown[]) => string
}

const tables = Module as unknown as Tables
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.jsx', '.js']

/** Where `require` looks. A Node that has `registerHooks` asks them for most, and this for what an ES module has imported. */
export function patchResolve(session: Session): void {
  const usual = tables._resolveFilename
  tables._resolveFilename = (request, parent, ...rest) => {
    const from = parent?.filename
    const found = from && isOwn(from) && !Module.isBuiltin(request) ? session.resolve(request, from) : undefined
    return usual.call(Module, found ?? request, parent, ...rest)
  }
}

/**
 * What `require` runs. All but the program itself is CommonJS here: this Node cannot ask its hooks while it requires an ES module. For the
 * program it starts again with those when it is told that it is one.
 */
export function patchLoad(session: Session): void {
  for (const extension of EXTENSIONS) {
    const usual = tables._extensions[extension] ?? tables._extensions['.js']!
    tables._extensions[extension] = (module, file) => {
      const loaded = isOwn(file) ? session.load(file, process.mainModule === module ? undefined : 'commonjs') : undefined
      if (loaded === undefined) usual(module, file)
      else module._compile(loaded.code, file, loaded.format)
    }
  }
}
