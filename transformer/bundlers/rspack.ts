// `mintmark/rspack`.

import type { Compiler, RspackPluginInstance } from '@rspack/core'
import { createRspackPlugin } from 'unplugin'
import { type BundlerOptions, openSession } from '../bundler.js'
import { cacheVersion, packHooks } from './pack.js'

const create = createRspackPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return { ...packHooks(session), rspack: (compiler: Compiler) => prepare(compiler, options) }

  function prepare({ options: own, context }: Compiler, given: BundlerOptions): void {
    session.cwd = context
    if (typeof own.cache === 'object' && own.cache.type === 'persistent') own.cache.version = cacheVersion(own.cache.version, given)
  }
})

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): RspackPluginInstance => create(options) as RspackPluginInstance
