// `mintmark/rspack`.

import type { Compiler, RspackPluginInstance } from '@rspack/core'
import { createRspackPlugin } from 'unplugin'
import { type BundlerOptions, openPackageWatch, openSession } from '../bundler.js'
import { packAliases, type Replacements } from '../replacements.js'
import { cacheVersion, packHooks } from './pack.js'

const create = createRspackPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  let compiler: Compiler | undefined
  // Unlike webpack it does not watch node_modules.
  const packages = openPackageWatch((file) => compiler?.watching?.invalidateWithChangesAndRemovals(new Set([file]), new Set()))

  function prepare(started: Compiler): void {
    compiler = started
    const { cache } = started.options
    session.cwd = started.context
    const replacements = replacementsIn(started)
    session.replace(replacements)
    if (typeof cache === 'object' && cache.type === 'persistent') cache.version = cacheVersion(cache.version, options, replacements)
    started.hooks.watchClose.tap('mintmark', packages.close)
  }

  return { ...packHooks(session, ({ files }) => compiler?.watchMode && packages.watch(files)), rspack: prepare }
})

/** https://rspack.rs/plugins/webpack/define-plugin, https://rspack.rs/plugins/webpack/environment-plugin, https://rspack.rs/config/resolve */
function replacementsIn({ context, options: { mode, optimization, resolve, plugins } }: Compiler): Replacements {
  const defines: Record<string, string> = {}
  if (optimization.nodeEnv !== false) defines['process.env.NODE_ENV'] = JSON.stringify(optimization.nodeEnv ?? mode)
  for (const plugin of plugins as readonly unknown[]) {
    const { name } = (plugin as object).constructor
    if (name === 'DefinePlugin') addDefinitions(defines, '', (plugin as { _args: [Definitions] })._args[0])
    if (name === 'EnvironmentPlugin') {
      const { keys, defaultValues } = plugin as { keys: readonly string[]; defaultValues: Record<string, unknown> }
      for (const key of keys) defines[`process.env.${key}`] = JSON.stringify(process.env[key] ?? defaultValues[key]) ?? 'undefined'
    }
  }
  return { defines, aliases: packAliases(resolve.alias, context) }
}

interface Definitions {
  readonly [name: string]: string | number | boolean | undefined | null | Definitions
}

/** `{ A: { b: '1' } }` defines `A` and `A.b`. */
function addDefinitions(defines: Record<string, string>, before: string, given: Definitions): void {
  for (const [name, value] of Object.entries(given)) {
    defines[before + name] = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
    if (typeof value === 'object' && value !== null) addDefinitions(defines, `${before}${name}.`, value)
  }
}

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): RspackPluginInstance => create(options) as RspackPluginInstance
