// `mintmark/rollup`.

import type { Plugin } from 'rollup'
import { createRollupPlugin } from 'unplugin'
import { type BundlerOptions, hooksOf, openSession, rollupHooks } from '../bundler.js'

const create = createRollupPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return { ...hooksOf(session), rollup: rollupHooks(session) }
})

/** Stamps the steps of all files of the bundle. Put it first, before what turns TypeScript into JavaScript. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): Plugin => create(options) as Plugin
