// `mintmark/rspack`.

import type { Compiler, RspackPluginInstance } from '@rspack/core'
import { createRspackPlugin } from 'unplugin'
import { type BundlerOptions, openPackageWatch, openSession } from '../bundler.js'
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
    if (typeof cache === 'object' && cache.type === 'persistent') cache.version = cacheVersion(cache.version, options)
    started.hooks.watchClose.tap('mintmark', packages.close)
  }

  return { ...packHooks(session, ({ files }) => compiler?.watchMode && packages.watch(files)), rspack: prepare }
})

/** Stamps the steps of all files of the bundle. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): RspackPluginInstance => create(options) as RspackPluginInstance
