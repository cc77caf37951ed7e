// `mintmark/webpack`.

import { createWebpackPlugin } from 'unplugin'
import type { Compiler, WebpackPluginInstance } from 'webpack'
import { type BundlerOptions, openSession } from '../bundler.js'
import { cacheVersion, packHooks } from './pack.js'

const create = createWebpackPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return { ...packHooks(session), webpack: (compiler: Compiler) => prepare(compiler, options) }

  function prepare({ options: own, context }: Compiler, given: BundlerOptions): void {
    session.cwd = context
    if (typeof own.cache === 'object' && own.cache.type === 'filesystem') own.cache.version = cacheVersion(own.cache.version, given)
  }
})

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): WebpackPluginInstance => create(options) as WebpackPluginInstance
