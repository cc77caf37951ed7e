// `mintmark/webpack`.

import { createWebpackPlugin } from 'unplugin'
import type { Compiler, WebpackPluginInstance } from 'webpack'
import { type BundlerOptions, openSession } from '../bundler.js'
import { cacheVersion, packHooks } from './pack.js'

const create = createWebpackPlugin((options: BundlerOptions) => {
  const session = openSession(options)

  function prepare({ context, options: { cache } }: Compiler): void {
    session.cwd = context
    if (typeof cache === 'object' && cache.type === 'filesystem') cache.version = cacheVersion(cache.version, options)
  }

  return { ...packHooks(session), webpack: prepare }
})

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): WebpackPluginInstance => create(options) as WebpackPluginInstance
