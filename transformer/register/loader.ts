// The hooks as a thread of their own asks them, in a Node that has no `registerHooks`.

import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { type Hooks, openHooks } from './hooks.js'
import { openLazily, type SessionOptions } from './session.js'

let hooks: Hooks | undefined
let program: string | undefined

export const initialize: InitializeHook<SessionOptions> = (options) => {
  hooks = openHooks(openLazily(options))
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const url = hooks?.resolve(specifier, context.parentURL)
  // Node would look for the file once more.
  const found = url === undefined ? await next(specifier, context) : { url, shortCircuit: true }
  if (context.parentURL === undefined) program ??= found.url
  return found
}

export const load: LoadHook = async (url, context, next) => {
  const loaded = hooks?.load(url, context.importAttributes as Readonly<Record<string, string>>)
  if (loaded === undefined) return next(url, context)
  if (loaded.format === 'module') return { ...loaded, shortCircuit: true }
  // Without a source Node goes on with `require`. What is imported needs the names of its exports told beforehand.
  const source = url === program ? null : required(loaded.source)
  return { format: 'commonjs', source, shortCircuit: true } as ReturnType<LoadHook>
}

/**
 * CommonJS that has `require` load the file. What Node gives to the source of a hook by that name knows no ES modules. The text behind is
 * never run: Node reads the names of the exports from it.
 */
function required(source: string): string {
  return `return require('node:module')._load(__filename)\n${source.replace(/^#!.*/, '')}`
}
