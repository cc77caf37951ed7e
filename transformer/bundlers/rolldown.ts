// `mintmark/rolldown`.

import type { Plugin } from 'rolldown'
import { createRolldownPlugin } from 'unplugin'
import { type BundlerOptions, hooksOf, openSession, rollupHooks } from '../bundler.js'

const create = createRolldownPlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return { ...hooksOf(session), rolldown: rollupHooks(session) }
})

/** Stamps the steps of all files of the bundle. Put it first, before what turns TypeScript into JavaScript. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): Plugin => create(options) as Plugin
