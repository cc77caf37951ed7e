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
  const found = await next(url ?? specifier, context)
  if (context.parentURL === undefined) program ??= found.url
  return found
}

export const load: LoadHook = async (url, context, next) => {
  const loaded = hooks?.load(url, context.importAttributes as Readonly<Record<string, string>>)
  if (loaded === undefined) return next(url, context)
  // Without a source Node goes on with `require`, where a program can do more. Others are imported, and need their names told beforehand.
  const source = url === program && loaded.format === 'commonjs' ? null : loaded.source
  return { format: loaded.format, source, shortCircuit: true } as ReturnType<LoadHook>
}
