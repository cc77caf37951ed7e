// `mintmark/webpack`.

import { createWebpackPlugin } from 'unplugin'
import type { Compiler, WebpackPluginInstance } from 'webpack'
import { type BundlerOptions, openSession } from '../bundler.js'
import { packAliases } from '../replacements.js'
import { cacheVersion, type LoaderContext, packHooks } from './pack.js'

const create = createWebpackPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  let versions: Versions | undefined

  function prepare({ context, hooks, options: { cache, resolve } }: Compiler): void {
    session.cwd = context
    const aliases = packAliases(resolve.alias, context)
    if (typeof cache === 'object' && cache.type === 'filesystem')
      cache.version = cacheVersion(cache.version, options, { defines: {}, aliases })
    hooks.compilation.tap({ name: 'mintmark', stage: AFTER_ALL }, ({ valueCacheVersions }) => {
      versions = valueCacheVersions
      session.replace({ defines: definesIn(versions), aliases })
    })
  }

  return { ...packHooks(session, (_, loaderContext) => dependOn(versions, loaderContext)), webpack: prepare }
})

const AFTER_ALL = 1000
const DEFINE = 'webpack/DefinePlugin '

/** What webpack tells a module that it has in a cache from one that is new by, beside its files: the constants by what they stand for. */
type Versions = ReadonlyMap<string, string | object | undefined>

/** What the plugins that define constants have told the compilation of them, whoever uses those plugins. */
function definesIn(versions: Versions | undefined): Record<string, string> {
  return Object.fromEntries(constantsIn(versions).map(([name, code]) => [name.slice(DEFINE.length), String(code)]))
}

/** A module that holds steps is built again when a constant has changed, though another module read it. */
function dependOn(versions: Versions | undefined, loaderContext: LoaderContext | undefined): void {
  const { buildInfo } = (loaderContext?._module ?? {}) as { buildInfo?: { valueDependencies?: Map<string, unknown> } }
  if (buildInfo === undefined) return
  buildInfo.valueDependencies ??= new Map()
  for (const [name, code] of constantsIn(versions)) buildInfo.valueDependencies.set(name, code)
}

function constantsIn(versions: Versions | undefined): [name: string, code: unknown][] {
  return [...(versions ?? [])].filter(([name]) => name.startsWith(DEFINE))
}

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): WebpackPluginInstance => create(options) as WebpackPluginInstance
