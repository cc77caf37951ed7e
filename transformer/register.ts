// `node --import mintmark/register flow.ts`: TypeScript without a build, with its stamps. Importing this file puts the hooks in place.

import { existsSync } from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { findEsbuild } from './register/esbuild.js'
import { openHooks } from './register/hooks.js'
import { patchLoad, patchResolve } from './register/require.js'
import { openLazily, type SessionOptions } from './register/session.js'
import { findTypeScript } from './typescript.js'

type SyncHooks = (hooks: {
  resolve(specifier: string, context: Context, next: (specifier: string, context: Context) => object): object
  load(url: string, context: Context, next: (url: string, context: Context) => object): object
}) => void
interface Context {
  readonly parentURL?: string
  readonly conditions?: readonly string[]
  readonly importAttributes?: Readonly<Record<string, string>>
}

const options: SessionOptions = {
  root: rootOf(process.argv[1] === undefined ? process.cwd() : path.dirname(path.resolve(process.argv[1]))),
}
orExit(() => [findTypeScript(options.root), findEsbuild(options.root)])
const session = openLazily(options)

process.setSourceMapsEnabled(true)
const { registerHooks, enableCompileCache } = Module as { registerHooks?: SyncHooks; enableCompileCache?: () => void }
// Half of what a start takes is V8 reading the parser. Coverage is less exact with code from the cache.
if (process.env.NODE_V8_COVERAGE === undefined) enableCompileCache?.()
patchResolve(session)
if (registerHooks === undefined) {
  Module.register('./register/loader.js', import.meta.url, { data: options })
  patchLoad(session)
} else {
  const hooks = openHooks(session)
  registerHooks({
    resolve(specifier, context, next) {
      const url = hooks.resolve(specifier, context.parentURL)
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
    },
    load(url, context, next) {
      const isRequired = context.conditions?.includes('require') && url.endsWith('.json')
      const loaded = isRequired ? undefined : hooks.load(url, context.importAttributes ?? {})
      return loaded === undefined ? next(url, context) : { ...loaded, shortCircuit: true }
    },
  })
}

/** The folder of the tsconfig around the program, as a compiler has it. */
function rootOf(dir: string): string {
  for (let at = dir; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'tsconfig.json'))) return at
    if (path.dirname(at) === at) return dir
  }
}

/** Before anything runs: what is missing ends the program with one line, not with a stack trace. */
function orExit(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof Error) || !/^MM5\d{3} /.test(error.message)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
